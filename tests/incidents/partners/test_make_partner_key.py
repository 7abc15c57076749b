"""A key from a shell."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.management.commands.make_partner_key import Command
from incidents.partners.keys import find_key
from incidents.partners.models import ApiKey, Partner
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("make_partner_key", *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_standard_output_is_the_key_and_nothing_else() -> None:
    make_partner("Harbour CERT")

    said, beside = run("Harbour CERT", "--name", "Collector", "--scope", "read", "--scope", "submit", "--days", "90")

    key = find_key(said.strip(), address="", at=timezone.now())
    assert (key.name, key.scopes, said.count("\n")) == ("Collector", ["read", "submit"], 1)
    assert key.expires_at is not None
    assert (key.expires_at - key.created_at).days in (89, 90)
    assert said.strip() not in beside
    assert AuditEntry.objects.get(act="make_key").origin == "command make_partner_key"


def test_admit_makes_the_partner_too() -> None:
    run("Harbour CERT", "--name", "Collector", "--admit", "amber", "--days", "0")

    partner = Partner.objects.get(name="Harbour CERT")
    assert (partner.clearance, ApiKey.objects.get().expires_at) == ("amber", None)
    assert [entry.act for entry in AuditEntry.objects.order_by("id")] == ["add", "make_key"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("Nobody", "--name", "x"), "no partner “Nobody”; there are: Ended SOC, Harbour CERT. --admit makes one"),
        (("Harbour CERT", "--name", "x", "--admit", "green"), "already exists"),
        (("Harbour CERT", "--name", "x" * 101), "at most 100"),
        (("Harbour CERT", "--name", "x", "--days", "-1"), "0 or more"),
        (("Ended SOC", "--name", "x"), "has ended"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(arguments: tuple[str, ...], complaint: str) -> None:
    make_partner("Harbour CERT")
    make_partner("Ended SOC", is_active=False)

    with pytest.raises(CommandError, match=complaint):
        run(*arguments)

    assert ApiKey.objects.count() == 0


def test_the_help_ends_with_examples() -> None:
    assert (
        'make_partner_key "Harbour CERT" --name "SIEM collector"'
        in Command().create_parser("manage.py", "x").format_help()
    )

"""`make_partner_key`: a key for a partner, from a shell."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from incidents.audit.origin import acting_from
from incidents.audit.record import record_act
from incidents.management.commands import ExampleCommand
from incidents.partners.keys import make_key
from incidents.partners.models import CLEARANCES, Partner
from incidents.partners.scopes import Scope


class Command(ExampleCommand):
    """Make a key and print its text once."""

    help = "Make an API key for a partner and print it, once. Standard output holds the key and nothing else."
    examples = """
  manage.py make_partner_key "Harbour CERT" --name "SIEM collector"
  manage.py make_partner_key "Harbour CERT" --name "Reporter" --scope read --scope submit --days 90
  manage.py make_partner_key "Harbour CERT" --name "First" --admit amber      # makes the partner, too
  manage.py make_partner_key "Harbour CERT" --name "Collector" > collector.key
"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, and for what."""
        parser.add_argument("partner", help="The name of the partner, as the desk shows it.")
        parser.add_argument("--name", required=True, help="Which program uses the key.")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, help="What for; may be repeated (default: read)."
        )
        parser.add_argument(
            "--days", type=int, default=365, help="It ends after so many days; 0: never (default: 365)."
        )
        parser.add_argument(
            "--admit",
            choices=[value for value, _ in CLEARANCES],
            help="Make the partner first, with this clearance.",
        )

    def handle(
        self, *args: Any, partner: str, name: str, scope: list[str] | None, days: int, admit: str | None, **options: Any
    ) -> None:
        """Make the key.

        Raises:
            CommandError: there is no such partner, or there is one already that shall be made, or something is not fit.
        """
        if days < 0:
            raise CommandError("--days counts from today: give 0 or more.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        try:
            with acting_from("command make_partner_key"), transaction.atomic():
                whose = _admit(partner, admit) if admit else _find(partner)
                key, token = make_key(whose, name=name, scopes=scope or [Scope.READ], by=None, expires_at=expires_at)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        ends = f"ends on {expires_at:%Y-%m-%d}" if expires_at else "does not end by itself"
        self.stderr.write(f"{key} of {whose}: {', '.join(key.scopes)}; {ends}. It is shown only this once:")
        self.stdout.write(token)


def _find(name: str) -> Partner:
    found = Partner.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Partner.objects.values_list("name", flat=True)[:10]) or "none yet"
        raise CommandError(f"There is no partner “{name}”; there are: {known}. --admit makes one.")
    if not found.is_valid_at(timezone.now()):
        raise CommandError(
            f"The access of “{name}” has ended, so a key would open nothing. Change that at the desk first."
        )
    return found


def _admit(name: str, clearance: str) -> Partner:
    partner = Partner(name=name, clearance=clearance)
    partner.full_clean()
    partner.save()
    said = {"partner": partner.name, "clearance": ["", clearance]}
    record_act(act="add", target_kind="partner", target_id=str(partner.pk), by=None, detail=said)
    return partner

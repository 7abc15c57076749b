"""Keys: shown once, found by their text, ended at a time, by hand or with their partner."""

from datetime import timedelta
from hmac import compare_digest

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.partners.keys import KeyRefused, find_key, make_key, revoke_key, rotate_key
from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from tests.factories.partners import make_partner, make_partner_key

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"


def test_a_key_is_found_by_its_text_and_its_text_is_kept_nowhere() -> None:
    key, token = make_partner_key()

    assert find_key(token, address=HERE, at=timezone.now()) == key
    stored = [str(value) for row in ApiKey.objects.values() for value in row.values()]
    logged = [str(value) for row in AuditEntry.objects.values() for value in row.values()]
    assert not [text for text in stored + logged if token.split("_", 2)[2] in text]
    assert AuditEntry.objects.filter(act="make_key", target_id=key.prefix).exists()


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: t[:-1] + "=", lambda t: "", str.upper]
)
def test_a_text_that_is_not_quite_a_key_opens_nothing(spoil: object) -> None:
    _, token = make_partner_key()

    with pytest.raises(KeyRefused, match="not known here"):
        find_key(spoil(token), address=HERE, at=timezone.now())  # type: ignore[operator]


def test_the_secret_is_compared_in_a_time_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key, token = make_partner_key()
    compared: list[tuple[str, str]] = []

    def note(one: str, other: str) -> bool:
        compared.append((one, other))
        return compare_digest(one, other)

    monkeypatch.setattr("incidents.partners.keys.hmac.compare_digest", note)
    find_key(token, address=HERE, at=timezone.now())
    for unknown in ("tocsin_" + "a" * 10 + "_" + "b" * 43, "nonsense"):
        with pytest.raises(KeyRefused):
            find_key(unknown, address=HERE, at=timezone.now())

    assert len(compared) == 3
    assert compared[0][1] == key.digest


def test_a_key_ends_when_it_is_revoked_or_expires() -> None:
    key, token = make_partner_key(expires_at=timezone.now() + timedelta(days=1))

    with pytest.raises(KeyRefused, match="expired"):
        find_key(token, address=HERE, at=timezone.now() + timedelta(days=2))
    revoke_key(key, by=None)
    revoke_key(key, by=None)

    with pytest.raises(KeyRefused, match="revoked"):
        find_key(token, address=HERE, at=timezone.now())
    assert AuditEntry.objects.filter(act="revoke_key").count() == 1


def test_a_key_ends_with_its_partner() -> None:
    partner = make_partner(expires_at=timezone.now() + timedelta(days=1))
    _, token = make_partner_key(partner)

    with pytest.raises(KeyRefused, match="ended"):
        find_key(token, address=HERE, at=timezone.now() + timedelta(days=2))
    partner.is_active = False
    partner.save()

    with pytest.raises(KeyRefused, match="ended"):
        find_key(token, address=HERE, at=timezone.now())


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        (HERE, True),
        ("2001:db8::5", True),
        ("203.0.114.1", False),
        ("::ffff:203.0.113.7", True),
        ("", False),
        ("x", False),
    ],
)
def test_a_key_works_from_the_networks_of_its_partner(address: str, is_allowed: bool) -> None:
    _, token = make_partner_key(make_partner(networks=["203.0.113.0/24", "2001:db8::/32"]))

    if is_allowed:
        find_key(token, address=address, at=timezone.now())
    else:
        with pytest.raises(KeyRefused, match="may not be used from"):
            find_key(token, address=address, at=timezone.now())


def test_rotating_gives_a_successor_and_lets_the_old_key_go_on_for_a_while() -> None:
    key, token = make_partner_key()

    successor, new_token = rotate_key(key, overlap=timedelta(hours=1), by=None)

    now = timezone.now()
    assert find_key(token, address=HERE, at=now) == key
    assert find_key(new_token, address=HERE, at=now) == successor
    assert successor.scopes == key.scopes
    assert successor.rotated_from == key
    with pytest.raises(KeyRefused, match="expired"):
        find_key(token, address=HERE, at=now + timedelta(hours=2))
    with pytest.raises(KeyRefused, match="rotated already"):
        rotate_key(key, overlap=timedelta(hours=1), by=None)


def test_a_key_without_name_or_with_an_unknown_scope_is_not_made() -> None:
    with pytest.raises(ValidationError, match="name"):
        make_key(make_partner(), name="", scopes=[Scope.READ], by=None)
    with pytest.raises(ValidationError, match="no scope"):
        make_key(make_partner(), name="A", scopes=["root"], by=None)
    assert not ApiKey.objects.exists()


def test_networks_and_clearance_are_checked() -> None:
    with pytest.raises(ValidationError, match="no address or network"):
        make_partner(networks=["10.0.0.1/8"]).full_clean()

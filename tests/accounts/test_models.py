import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.accounts.models import User, validate_time_zone

pytestmark = pytest.mark.django_db


def test_an_account_is_found_whatever_the_case_of_its_address() -> None:
    user = User.objects.create_user("Ada@Example.org")

    assert User.objects.get_by_natural_key("ADA@example.ORG") == user


def test_two_accounts_cannot_share_an_address_in_another_case() -> None:
    User.objects.create_user("ada@example.org")

    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="ADA@example.org")])


def test_an_account_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("")


def test_an_account_without_a_password_lets_nobody_in() -> None:
    assert not User.objects.create_user("ada@example.org").has_usable_password()


def test_a_superuser_may_enter_the_admin() -> None:
    user = User.objects.create_superuser("root@example.org", "a long password")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_a_person_is_shown_by_name_and_by_address_while_the_name_is_unknown() -> None:
    assert [str(User(email="a@example.org", full_name="Ada")), str(User(email="a@example.org"))] == [
        "Ada",
        "a@example.org",
    ]


def test_a_new_account_reads_times_in_utc() -> None:
    assert User.objects.create_user("ada@example.org").time_zone == "UTC"


def test_a_time_zone_of_the_iana_database_is_taken() -> None:
    validate_time_zone("Asia/Kathmandu")


@pytest.mark.parametrize("name", ["", "CET+1", "Mars/Olympus", "../etc/passwd"])
def test_no_other_time_zone_is(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_time_zone(name)

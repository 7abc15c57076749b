import re
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from portal.accounts.editors import make_editor
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "groups", "is_superuser"),
    [
        ("author", ["Author"], False),
        ("reviewer", ["Reviewer"], False),
        ("publisher", ["Publisher"], False),
        ("partner-manager", ["Partner manager"], False),
        ("editor", ["Author", "Publisher", "Reviewer"], False),
        ("admin", ["Author", "Publisher", "Reviewer"], True),
    ],
)
def test_a_role_gives_its_groups(role: str, groups: list[str], is_superuser: bool) -> None:
    user, _ = make_editor(email="ada@example.org", name="Ada", role=role)

    assert sorted(group.name for group in user.groups.all()) == groups
    assert (user.is_staff, user.is_superuser) == (True, is_superuser)


def test_the_password_signs_in() -> None:
    user, password = make_editor(email="ada@example.org", name="Ada", role="author")

    assert User.objects.get(pk=user.pk).check_password(password)


def test_each_password_is_its_own() -> None:
    _, first = make_editor(email="ada@example.org", name="", role="author")
    _, second = make_editor(email="bob@example.org", name="", role="author")

    assert first != second


def test_a_taken_address_is_refused() -> None:
    make_editor(email="ada@example.org", name="", role="author")

    with pytest.raises(ValidationError, match="There is an account with this e-mail address"):
        make_editor(email="ADA@example.org", name="", role="author")


def test_nothing_is_made_when_a_group_is_missing() -> None:
    Group.objects.all().delete()

    with pytest.raises(Group.DoesNotExist):
        make_editor(email="ada@example.org", name="", role="author")

    assert not User.objects.exists()


def test_the_command_prints_a_password_that_works() -> None:
    output = StringIO()

    call_command("make_editor", email="ada@example.org", name="Ada", role="publisher", stdout=output)

    printed = re.search(r"Sign in as (\S+) with the password (\S+)", output.getvalue())
    assert printed is not None
    assert User.objects.get(email=printed[1]).check_password(printed[2])


def test_the_command_makes_up_a_free_address() -> None:
    for _ in range(2):
        call_command("make_editor", stdout=StringIO())

    assert [user.email for user in User.objects.all()] == ["editor1@localhost", "editor2@localhost"]


def test_the_command_says_in_one_line_that_an_address_is_taken() -> None:
    call_command("make_editor", email="ada@example.org", stdout=StringIO())

    with pytest.raises(CommandError, match=r"^There is an account with this e-mail address\.$"):
        call_command("make_editor", email="ada@example.org", stdout=StringIO())

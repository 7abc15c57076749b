"""`make editor`: an account for somebody who writes, reviews or publishes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from incidents.audit.origin import acting_from
from portal.accounts.editors import make_editor
from portal.accounts.models import User
from portal.accounts.roles import ADMIN, ROLES


class Command(BaseCommand):
    """Make an account and show its random password once."""

    help = "Make an account for an editor and print its random password, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and as what."""
        parser.add_argument("--email", default="", help="The address to sign in with; made up when left out.")
        parser.add_argument("--name", default="", help="The name shown in the admin and in the log.")
        parser.add_argument("--role", default=ADMIN, choices=ROLES, help="What the person may do (default: admin).")

    def handle(self, *args: Any, email: str, name: str, role: str, **options: Any) -> None:
        """Make the account.

        Raises:
            CommandError: the address is taken or wrong, or the database is not migrated.
        """
        try:
            with acting_from("command make_editor"):
                user, password = make_editor(email=email or free_address(), name=name, role=role)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except Group.DoesNotExist:
            raise CommandError("The roles are missing: run `manage.py migrate` first.") from None
        self.stdout.write(f"Sign in as {user.email} with the password {password}")
        self.stdout.write("It is shown only this once.")


def free_address() -> str:
    """An address of this machine that no account has yet: `editor2@localhost`, `editor3@localhost`, …"""
    number = User.objects.count() + 1
    while User.objects.filter(email=f"editor{number}@localhost").exists():
        number += 1
    return f"editor{number}@localhost"

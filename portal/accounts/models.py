"""The User class: one person, known by an e-mail address."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower


def validate_time_zone(name: str) -> None:
    """Refuse a name that the IANA time zone database does not list.

    Raises:
        ValidationError: there is no such zone.
    """
    if name not in available_timezones():
        raise ValidationError("“%(name)s” is no time zone; try one such as Europe/Berlin.", params={"name": name})


class UserAccounts(BaseUserManager["User"]):
    """Makes accounts and finds them by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password nobody can sign in to it until one is set.

        Raises:
            ValueError: the e-mail address is empty.
        """
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account that may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this e-mail address."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """One person who signs in, known by an e-mail address."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(
        "e-mail address", unique=True, error_messages={"unique": "There is an account with this e-mail address."}
    )
    full_name = models.CharField(max_length=150, blank=True)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text="The admin shows and reads times in this zone, for example Europe/Berlin. Readers always see UTC.",
    )

    objects: ClassVar[UserAccounts] = UserAccounts()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="There is an account with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """The name, or the e-mail address while no name is known."""
        return str(self)

    def get_short_name(self) -> str:
        """As the full name: we do not cut names in pieces."""
        return str(self)

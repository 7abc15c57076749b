"""What every catalogue entry has in common."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.text import slugify

http_url = URLValidator(schemes=["http", "https"])


class HttpUrlField(models.CharField):
    """An address on the web: http or https and nothing else."""

    default_validators = [http_url]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def validate_names(names: Any) -> None:
    """Accept a list of non-empty strings.

    Raises:
        ValidationError: it is anything else.
    """
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValidationError("Give a list of names.")


def unique_slug(model: type[models.Model], text: str, **scope: Any) -> str:
    """A free slug for `text` among the rows of `model` within `scope`; `name`, then `name-2`, `name-3`, …"""
    base = slug_base(text)
    return free_slug(
        text, taken=model._default_manager.filter(slug__startswith=base, **scope).values_list("slug", flat=True)
    )


def free_slug(text: str, *, taken: Iterable[str]) -> str:
    """A slug for `text` that is not taken; `name`, then `name-2`, `name-3`, …"""
    taken = set(taken)
    base = candidate = slug_base(text)
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def slug_base(text: str) -> str:
    """The slug `text` would have if it were free; `entry` for a text without Latin letters or digits."""
    return slugify(text)[:60].strip("-") or "entry"

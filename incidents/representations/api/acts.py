"""What methods besides GET take and give, declared beside the view that has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from incidents.publication.filters import Written
from incidents.representations.api.parameters import Parameter
from incidents.representations.api.problems import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one method of an address does, for the OpenAPI document; the docstring of the method says it in words.

    Attributes:
        name: of the operation, for ever: verb and noun.
        body: the shape of what is sent, as JSON; None where nothing is.
        example: of what is sent; None where nothing is.
        status: of a good answer.
        shape: of a good answer; None where it has no body.
        has_location: whether a good answer says in `Location` where to look.
        headers: what may be said in headers.
        problems: kinds of problems that it answers with and not every address does.
    """

    name: str
    body: type[msgspec.Struct] | None = None
    example: Mapping[str, Any] | None = None
    status: HTTPStatus = HTTPStatus.OK
    shape: type[msgspec.Struct] | None = None
    has_location: bool = False
    headers: tuple[Parameter, ...] = ()
    problems: tuple[Kind, ...] = ()

    @property
    def is_body_needed(self) -> bool:
        """Whether something has to be sent: some field of it is required."""
        return self.body is not None and any(field.required for field in msgspec.structs.fields(self.body))


def header(name: str, meaning: str, pattern: re.Pattern[str], *, example: str) -> Parameter:
    """What may be said in a header.

    Args:
        name: of the header.
        meaning: a sentence for the documentation.
        pattern: how it is written.
        example: of its text.
    """
    return Parameter(name, meaning, Written(pattern, f"It is written as {example}."), example=example)

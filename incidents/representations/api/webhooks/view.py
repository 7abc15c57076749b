"""What the addresses of webhooks do alike: they find what belongs to the caller's partner, and read JSON."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from incidents.partners.models import Partner
from incidents.partners.scopes import Scope
from incidents.representations.api.answer import MEDIA_TYPE
from incidents.representations.api.problems import (
    BAD_REQUEST,
    CONTENT_TOO_LARGE,
    INVALID_BODY,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    UNSUPPORTED_MEDIA_TYPE,
    ParameterError,
    Problem,
)
from incidents.representations.api.view import ApiView
from incidents.subscriptions.endpoints import By
from incidents.subscriptions.models import Delivery, Endpoint

LONGEST_BODY = 20_000
BODY_PROBLEMS = (UNSUPPORTED_MEDIA_TYPE, CONTENT_TOO_LARGE, INVALID_BODY)
"""What can be wrong with what is sent."""
Given = TypeVar("Given", bound=msgspec.Struct)


class WholeBody(BaseParser):
    """Leaves the bytes as they are; they are read by the shape that the address wants."""

    media_type = MEDIA_TYPE

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> bytes:
        """The bytes."""
        return bytes(stream.read(LONGEST_BODY + 1))


class WebhookView(ApiView):
    """An address of webhooks. What belongs to another partner does not exist."""

    scope = Scope.WEBHOOKS
    parser_classes = [WholeBody]

    @property
    def partner(self) -> Partner:
        """Whose key it is.

        Raises:
            Problem: there is no key.
        """
        if self.caller.key is None:
            raise Problem(NOT_AUTHENTICATED, f"This needs a key with the scope “{self.scope.value}”.")
        return self.caller.key.partner

    @property
    def by(self) -> By:
        """Who acts."""
        return By(key=self.caller.key)

    def endpoint(self, key: UUID) -> Endpoint:
        """One of the partner's endpoints.

        Raises:
            Problem: they have none like this.
        """
        found = Endpoint.objects.filter(partner=self.partner, pk=key).select_related("partner").first()
        if found is None:
            raise Problem(NOT_FOUND, "You have no such webhook.")
        return found

    def delivery(self, endpoint: UUID, message_id: str) -> Delivery:
        """One delivery to one of the partner's endpoints.

        Raises:
            Problem: there is none like this.
        """
        rows = Delivery.objects.filter(endpoint=self.endpoint(endpoint), message_id=message_id)
        found = rows.select_related("endpoint__partner", "release").defer("release__document_json").first()
        if found is None:
            raise Problem(NOT_FOUND, "There is no such delivery. Old ones are forgotten.")
        return found


def read_body(request: Request, shape: type[Given]) -> Given:
    """What a request says in its body.

    Raises:
        Problem: it is too long, no JSON, or of another shape.
    """
    body = request.data if isinstance(request.data, bytes) else b""
    if body and request.content_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Problem(UNSUPPORTED_MEDIA_TYPE, f"Send “Content-Type: {MEDIA_TYPE}”.")
    if len(body) > LONGEST_BODY:
        raise Problem(CONTENT_TOO_LARGE, f"The body has more than {LONGEST_BODY} bytes.")
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except msgspec.ValidationError as problem:
        text = str(problem)
        field = text.partition("`$.")[2].partition("`")[0] or _field_named(text)
        known = tuple(shape.__struct_fields__)
        raise Problem(
            INVALID_BODY, errors=(ParameterError(parameter=field or "body", detail=f"{text}.", allowed=known),)
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Problem(BAD_REQUEST, f"The body is no JSON: {problem}.") from None


def as_problem(refused: ValidationError) -> Problem:
    """A refusal of the subscriptions' own, by field."""
    errors = [
        ParameterError(parameter=name, detail=sentence)
        for name, sentences in refused.message_dict.items()
        for sentence in sentences
    ]
    return Problem(INVALID_BODY, errors=tuple(errors))


def answer(said: object, *, status: int = 200, location: str = "") -> HttpResponseBase:
    """Something said in JSON, to this caller alone."""
    response = HttpResponse(msgspec.json.encode(said), status=status, content_type=MEDIA_TYPE)
    if location:
        response.headers["Location"] = location
    return response


def _field_named(text: str) -> str:
    return text.rpartition(" field `")[2].partition("`")[0] if " field `" in text else ""

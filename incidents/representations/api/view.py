"""What every address of the API does alike: it knows the caller, reads declared parameters, and answers errors as problems."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from incidents.partners.limits import take
from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from incidents.publication.audience import Audience
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.paging import BadCursor, Order, Page, cut_page
from incidents.representations.api.acts import Act
from incidents.representations.api.answer import MEDIA_TYPE, Counted, Exactness
from incidents.representations.api.authentication import KeyAuthentication
from incidents.representations.api.caller import PRIVATE_CACHE, Caller, caller
from incidents.representations.api.failures import answer_exception
from incidents.representations.api.parameters import Asked, Parameter, read_parameters
from incidents.representations.api.problems import (
    INSUFFICIENT_SCOPE,
    NOT_AUTHENTICATED,
    RATE_LIMITED,
    Kind,
    ParameterError,
    Problem,
    cursor_problem,
)
from incidents.representations.api.retirement import Retirement


class AlwaysJson(BaseContentNegotiation):
    """There is one media type: whatever a client prefers, it gets that (RFC 9110, section 12.5.1, allows it), so that an answer
    depends on its address alone."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The first that can read the body."""
        return parsers[0] if parsers else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        """The only one."""
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """An address of the API. It declares its parameters, and says `get`.

    Attributes:
        scope: what a key has to be made for.
        retirement: when the address goes, once that is decided.
        parameters: what the address knows besides the filters of advisories.
        filters: the filters of advisories, where it takes them.
        shape: what an answer says, or where it is a list each row; `bytes` for a file, `str` for a stream of events.
        listing: what a list says besides its rows; None where the answer is no list.
        media_types: of a good answer.
        headers: what GET may be told in headers.
        acts: what other methods do, by their names in small letters.
        problems: kinds of problems that it answers with and not every address does.
    """

    renderer_classes: ClassVar[list[type]] = [JSONRenderer]
    content_negotiation_class = AlwaysJson
    authentication_classes: ClassVar[list[type]] = [KeyAuthentication]
    permission_classes: ClassVar[list[type]] = []

    scope: ClassVar[Scope] = Scope.READ
    retirement: ClassVar[Retirement | None] = None

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    filters: ClassVar[type[AdvisoryFilter] | None] = None
    shape: ClassVar[Any] = None
    listing: ClassVar[type[msgspec.Struct] | None] = None
    media_types: ClassVar[tuple[str, ...]] = (MEDIA_TYPE,)
    headers: ClassVar[tuple[Parameter, ...]] = ()
    acts: ClassVar[Mapping[str, Act]] = {}
    problems: ClassVar[tuple[Kind, ...]] = ()

    def get_exception_handler(self) -> Any:
        """Problem documents."""
        return answer_exception

    def perform_authentication(self, request: Request) -> None:
        """Find out who calls. A key that opens nothing counts for the address it came from, so that guessing is slow.

        Raises:
            Problem: the key opens nothing, or too many came from there that did not.
        """
        try:
            self.caller: Caller = caller(request)
        except Problem:
            self._take_one(request, None)
            raise

    def check_throttles(self, request: Request) -> None:
        """Count the request, unless it only asks what may be asked here.

        Raises:
            Problem: it is one too many.
        """
        if request.method != "OPTIONS":
            self._take_one(request, self.caller.key)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who calls, whether there is room for them, and whether they may.

        Raises:
            Problem: their key opens nothing, or not this, or they ask too much.
        """
        super().initial(request, *args, **kwargs)
        if not self.caller.may(self.scope):
            if self.caller.key is None:
                raise Problem(NOT_AUTHENTICATED, f"This needs a key with the scope “{self.scope.value}”.")
            raise Problem(INSUFFICIENT_SCOPE, f"This needs a key with the scope “{self.scope.value}”.")

    def _take_one(self, request: Request, key: ApiKey | None) -> None:
        self.standing = take(key, request.META.get("REMOTE_ADDR", ""))
        if self.standing and self.standing.is_exceeded:
            limit = self.standing.limit
            whose = f"the key {key.prefix}" if key else "requests without a key from one address"
            detail = f"The limit for {whose} is {limit}. Ask again in {self.standing.seconds_left} s."
            raise Problem(RATE_LIMITED, detail, said={"violated-policies": [limit.tier]})

    @property
    def audience(self) -> Audience:
        """What the caller may see."""
        return self.caller.audience

    def read(self, request: Request, filters: AdvisoryFilter | None = None) -> Asked:
        """The values of the declared parameters.

        Raises:
            Problem: some of the request's parameters cannot be understood.
        """
        return read_parameters(request.query_params, self.parameters, filters)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What may be asked here, in the header `Allow`."""
        return HttpResponse(status=204)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """What only one caller may see is kept by nobody (INV-TLP); and whoever asks is told their limit, and what goes."""
        finished: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        found = getattr(self, "caller", None)
        if "Authorization" in request.headers or (found is not None and not found.is_public):
            finished.headers["Cache-Control"] = PRIVATE_CACHE
        standing = getattr(self, "standing", None)
        for name, value in (standing.headers if standing else {}).items():
            finished.headers[name] = value
        if self.retirement:
            self.retirement.announce(finished)
        return finished


def read_page(rows: Any, order: Order, asked: Asked) -> Page[Any]:
    """The page of rows that `cursor` and `limit` ask for. One query.

    Raises:
        Problem: the cursor is not one of ours for this order.
    """
    try:
        return cut_page(rows, order, cursor=asked.one("cursor"), size=asked.number("limit"))
    except BadCursor as problem:
        error = ParameterError(parameter="cursor", detail=str(problem))
        raise cursor_problem(asked.one("cursor"), error) from None


def count_said(total: int, *, is_capped: bool = False) -> Counted:
    """A number of rows as answers say it: exact, or the least that there are."""
    return Counted(value=total, relation=Exactness.AT_LEAST if is_capped else Exactness.EXACT)

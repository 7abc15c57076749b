"""For which partner somebody who is signed in acts."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.partners.models import Partner
from portal.accounts.models import User
from portal.partners.sections import SECTIONS

P = ParamSpec("P")
PartnerView = Callable[Concatenate[HttpRequest, Partner, P], HttpResponse]
PARAMETER = "partner"


def for_members(view: PartnerView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view for members, given the partner they act for: the one that `?partner=` names, else their first.

    Whoever is not signed in is asked to; whoever is no member is told how one becomes one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        partners = partners_of(request)
        if not partners:
            return partner_page(request, "partners/stranger.html", None, {"page_title": "Partners"}, status=403)
        return view(request, choose(partners, request.GET.get(PARAMETER, "")), *args, **kwargs)

    return login_required(guarded)


def partners_of(request: HttpRequest) -> list[Partner]:
    """The partners whose member is signed in, by name; read once for each request."""
    known: Any = request
    if not hasattr(known, "partners"):
        person = request.user
        mine = Partner.objects.filter(members=person.pk).order_by("name") if isinstance(person, User) else ()
        known.partners = list(mine)
    return list(known.partners)


def choose(partners: list[Partner], asked: str) -> Partner:
    """The partner that was asked for.

    Raises:
        Http404: the person is no member of that one, or there is none.
    """
    chosen = partners[0] if not asked else next((one for one in partners if str(one.pk) == asked), None)
    if chosen is None:
        raise Http404("There is no such partner among yours.")
    return chosen


def partner_page(
    request: HttpRequest, template: str, partner: Partner | None, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for members: it knows the partner, the others one may switch to, and the parts there are."""
    shared = {
        "partner": partner,
        "others": [one for one in partners_of(request) if one != partner],
        "sections": SECTIONS if len(SECTIONS) > 1 else (),
        "here": request.resolver_match.view_name if request.resolver_match else "",
        "robots": "noindex",
    }
    return render(request, template, {**shared, **context}, status=status)

"""Pages of services: the state as far as it is published, the last ninety days as a line, and the history."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Facet
from incidents.publication.paging import Order
from incidents.representations.html.asking import Question
from incidents.representations.html.entries import seen, services, standing
from incidents.representations.html.indexes import index_page
from incidents.representations.html.jsonld_catalogue import service_node
from incidents.representations.html.organizations import Listed, effects_on, entry_context
from incidents.representations.html.page import page
from incidents.representations.html.service_line import ServiceLine, draw_line, within
from incidents.representations.html.service_spells import Spell, spells_of, standing_of
from incidents.vocabulary.inline import comma

SERVICES_BY_NAME = Order("services", "Name", ("name", "organization__slug", "slug"), is_descending=False)
DAYS = 90
MOST_RECENT = 50


@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    """Services that standing advisories name, by name."""
    return index_page(
        request,
        rows=standing(services(), Facet.SERVICE),
        order=SERVICES_BY_NAME,
        facet=Facet.SERVICE,
        template="catalogue/services.html",
        title=gettext("Services"),
        description=gettext("Services that incidents affected: applications, APIs, models, data stores."),
    )


@require_safe
def service_detail(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    """A service: whose it is, what is published about its state, and what happened to it in each advisory."""
    service = seen(services(), Facet.SERVICE).filter(organization__slug=organization, slug=slug).first()
    if service is None:
        raise Http404(f"No advisory names a service {organization}/{slug}.")
    question = Question(request.path, request.GET, fixed={"service": service.key}, with_release=True)
    title = comma().join([service.name, service.organization.name])
    context = entry_context(title, "services", question, Facet.SERVICE, service.key) | {
        "service": service,
        "main_entity": service_node(service),
        "listed": [Listed(row, effects=effects_on(row.document, service.key)) for row in question.page.rows],
        "more": f"?service={service.key}",
        "feed": f"{reverse('feeds:list', args=['atom'])}?service={service.key}",
        **status(service.key, timezone.now()),
        "record": whole_record(service.key, question, timezone.now()),
    }
    return page("catalogue/service.html", context, status=400 if question.problems else 200)


def status(key: str, now: dt.datetime) -> dict[str, object]:
    """What is published about a service now and in the last ninety days, today among them. One query.

    It says the same all day long, unless something is published, begins or ends.
    """
    today = midnight(now)
    since, tomorrow = today - dt.timedelta(days=DAYS - 1), today + dt.timedelta(days=1)
    recent = recent_advisories(key, since)
    spells = [spell for advisory in recent for spell in spells_of(advisory, key, now)]
    return {
        "standing": standing_of(key, recent, spells),
        "spells": within(spells, since, tomorrow),
        "line": draw_line(spells, since, tomorrow),
        "today": today,
        "is_new": any(advisory.first_released_at >= since for advisory in recent),
        "is_cut": len(recent) == MOST_RECENT,
    }


def recent_advisories(key: str, since: dt.datetime) -> list[Advisory]:
    """The advisories that can tell of a service since then, with their releases: an incident of these days is still open, or
    was released in them.
    """
    rows: Any = Advisory.objects.visible_to(PUBLIC).standing().having(Facet.SERVICE, key)
    fresh = rows.filter(Q(released_at__gte=since) | Q(is_open=True))
    return list(fresh.newest_first().select_related("release")[:MOST_RECENT])


def whole_record(key: str, question: Question, now: dt.datetime) -> ServiceLine | None:
    """All that ever happened to a service on one line, where it goes back further than the ninety days and fits on a page."""
    if question.page.next or question.page.previous:
        return None
    spells: list[Spell] = [spell for row in question.page.rows for spell in spells_of(row, key, now)]
    first = min((spell.begins for spell in spells), default=now)
    if first > now - dt.timedelta(days=DAYS):
        return None
    beginning = midnight(first).replace(month=1, day=1)
    return draw_line(spells, beginning, midnight(now) + dt.timedelta(days=1), by_year=True)


def midnight(now: dt.datetime) -> dt.datetime:
    """The beginning of the day, in UTC."""
    return now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)

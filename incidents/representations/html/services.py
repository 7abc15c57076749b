"""Pages of services: the state as far as it is published, the last ninety days as a line, and the history."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
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
from incidents.representations.html.service_window import DAYS, UnreadableDayError, Window, read_window
from incidents.vocabulary.inline import comma

SERVICES_BY_NAME = Order("services", "Name", ("name", "organization__slug", "slug"), is_descending=False)
MOST_READ = 50


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
    now, problem = timezone.now(), ""
    window = read_window("", now.date())
    try:
        window = read_window(request.GET.get("until", ""), now.date())
    except UnreadableDayError as unreadable:
        problem = str(unreadable)
    title = comma().join([service.name, service.organization.name])
    listed = [spell for row in question.page.rows for spell in spells_of(row, service.key, now)]
    context = entry_context(title, "services", question, Facet.SERVICE, service.key) | {
        "service": service,
        "main_entity": service_node(service),
        "listed": [Listed(row, effects=effects_on(row.document, service.key)) for row in question.page.rows],
        "more": f"?service={service.key}",
        "window": window,
        "problem": problem,
        **status(service.key, now),
        "record": whole_record(listed, question, now),
        **before(listed, window, question),
    }
    if not window.is_now:
        context |= {"canonical_path": "", "robots": "noindex, follow", **spells_in(window, service.key, now)}
    return page(request, "catalogue/service.html", context, status=400 if question.problems or problem else 200)


def status(key: str, now: dt.datetime) -> dict[str, object]:
    """What is published about a service now and in the last ninety days, today among them. One query.

    It says the same all day long, unless something is published, begins or ends.
    """
    window = read_window("", now.date())
    recent = list(advisories_since(key, window.begins).newest_first()[:MOST_READ])
    spells = [spell for advisory in recent for spell in spells_of(advisory, key, now)]
    return {
        "standing": standing_of(key, recent, spells),
        "is_affected": bool(within(spells, window.begins, window.ends)),
        "today": midnight(now),
        "is_new": any(advisory.first_released_at >= window.begins for advisory in recent),
        **drawn(spells, window, is_cut=len(recent) == MOST_READ),
    }


def spells_in(window: Window, key: str, now: dt.datetime) -> dict[str, object]:
    """What is published about a service in ninety days of the past. One query."""
    found = list(advisories_since(key, window.begins).order_by("released_at", "public_id")[:MOST_READ])
    spells = [spell for advisory in found for spell in spells_of(advisory, key, now)]
    return drawn(spells, window, is_cut=len(found) == MOST_READ)


def drawn(spells: list[Spell], window: Window, *, is_cut: bool) -> dict[str, object]:
    """Spells as the table and the line of a window."""
    return {
        "spells": within(spells, window.begins, window.ends),
        "line": draw_line(spells, window.begins, window.ends, last_day=None if window.is_now else window.last),
        "is_cut": is_cut,
    }


def advisories_since(key: str, since: dt.datetime) -> Any:
    """The advisories that can tell of a service from a time on, with their releases: an incident is still open, or was last
    released since.
    """
    rows: Any = Advisory.objects.visible_to(PUBLIC).standing().having(Facet.SERVICE, key)
    return rows.filter(Q(released_at__gte=since) | Q(is_open=True)).select_related("release")


def before(listed: list[Spell], window: Window, question: Question) -> dict[str, object]:
    """Whether anything is known of an earlier time, and the last spell in it, as far as the page lists its incident."""
    last = window.last_before(listed)
    return {
        "is_first": not (window.begins_after(listed) or question.page.next or question.page.previous),
        "last_before": last,
        "around": window.around(last) if last else "",
    }


def whole_record(listed: list[Spell], question: Question, now: dt.datetime) -> ServiceLine | None:
    """All that ever happened to a service on one line, where it goes back further than the ninety days and fits on a page."""
    if question.page.next or question.page.previous:
        return None
    first = min((spell.begins for spell in listed), default=now)
    if first > now - dt.timedelta(days=DAYS):
        return None
    beginning = midnight(first).replace(month=1, day=1)
    return draw_line(listed, beginning, midnight(now) + dt.timedelta(days=1), by_year=True)


def midnight(now: dt.datetime) -> dt.datetime:
    """The beginning of the day, in UTC."""
    return now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)

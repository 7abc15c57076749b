"""Telling a WebSub hub which feeds changed (W3C WebSub, section 7), so that their readers hear of a release at once."""

import datetime as dt
import logging
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from incidents.outgoing.client import Client
from incidents.outgoing.destination import Refused
from incidents.outgoing.resolving import Failed
from incidents.publication.audience import PUBLIC
from incidents.publication.ledger import head_of_ledger
from incidents.publication.models import Release
from incidents.subscriptions.models import HubProgress
from incidents.subscriptions.schedule import FIRST_REST, LONGEST_REST

log = logging.getLogger(__name__)

ENDINGS = ("atom", "rss", "json")
MOST_RELEASES = 30
"""Told of at once, so that a request to the hub stays small."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def tell_hub(client: Client, now: dt.datetime) -> bool:
    """Tell the hub of what was released since the last time, if there is one and it is time. Whether something was told."""
    if not settings.WEBSUB_HUB:
        return False
    progress, is_first = HubProgress.objects.get_or_create(pk=1, defaults={"told_until": head_of_ledger()})
    if is_first or (progress.next_attempt_at is not None and progress.next_attempt_at > now):
        return False
    releases = Release.objects.visible_to(PUBLIC).filter(sequence__gt=progress.told_until).order_by("sequence")
    rows = list(releases.values_list("sequence", "public_id")[:MOST_RELEASES])
    if not rows or not _take(progress, now):
        return False
    fault = _publish(client, feeds_of(dict.fromkeys(public_id for _, public_id in rows)))
    _note(progress, rows[-1][0], fault)
    return not fault


def feeds_of(public_ids: dict[str, None]) -> list[str]:
    """The addresses of the feeds that releases of these advisories changed: the main ones and their own."""
    places = [reverse("feeds:list", args=[ending]) for ending in ENDINGS]
    places += [reverse("feeds:advisory", args=[public_id, ending]) for public_id in public_ids for ending in ENDINGS]
    return [settings.SITE_URL + place for place in places]


def _take(progress: HubProgress, now: dt.datetime) -> bool:
    """Whether it is this worker that tells the hub: for a while it is nobody else's."""
    lease = now + dt.timedelta(seconds=2 * settings.WEBHOOK_TIMEOUT + 5)
    same = HubProgress.objects.filter(pk=1, told_until=progress.told_until, next_attempt_at=progress.next_attempt_at)
    return bool(same.update(next_attempt_at=lease))


def _publish(client: Client, feeds: list[str]) -> str:
    body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]).encode()
    try:
        answer = client.post(settings.WEBSUB_HUB, body, FORM)
    except (Refused, Failed) as problem:
        return str(problem)
    return "" if 200 <= answer.status < 300 else f"The hub answered {answer.status}."


def _note(progress: HubProgress, told_until: int, fault: str) -> None:
    if fault:
        log.warning("The WebSub hub was not told: %s", fault)
        pause = min(FIRST_REST * 2 ** min(progress.failures, 10), LONGEST_REST)
        next_attempt_at = dt.datetime.now(dt.UTC) + pause
        HubProgress.objects.filter(pk=1).update(
            failures=progress.failures + 1, next_attempt_at=next_attempt_at, last_fault=fault[:300]
        )
        return
    HubProgress.objects.filter(pk=1).update(told_until=told_until, failures=0, next_attempt_at=None, last_fault="")

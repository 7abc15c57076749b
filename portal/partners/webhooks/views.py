"""Pages about endpoints: list, make, one, change, delete; and the acts behind their buttons."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.partners.models import Partner
from incidents.publication.filters import printable
from incidents.publication.paging import BadCursor, Order, cut_page
from incidents.subscriptions.again import replay_delivery, replay_range, send_test
from incidents.subscriptions.endpoints import (
    By,
    TooMany,
    change_endpoint,
    delete_endpoint,
    make_endpoint,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
)
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState, Endpoint
from incidents.subscriptions.payload import build_message
from incidents.subscriptions.wishes import FilterBroken
from portal.partners.membership import PARAMETER, for_members, partner_page, partners_of
from portal.partners.webhooks.forms import ReplayForm, WebhookForm, as_given

NEWEST = Order("pages.deliveries", "", ("id",))
PAGE_SIZE = 30


def endpoint_of(request: HttpRequest, key: UUID) -> Endpoint:
    """An endpoint of one of their partners that has access; what belongs to others does not exist.

    Raises:
        Http404: there is none.
    """
    now = timezone.now()
    mine = [partner.pk for partner in partners_of(request) if partner.is_valid_at(now)]
    rows = Endpoint.objects.filter(partner__in=mine).select_related("partner")
    found: Endpoint = get_object_or_404(rows, pk=key)
    return found


@require_safe
@for_members
def webhook_list(request: HttpRequest, partner: Partner) -> HttpResponse:
    """All endpoints of a partner, and how they are."""
    context = {
        "page_title": f"Webhooks of {partner}",
        "endpoints": Endpoint.objects.filter(partner=partner).order_by("created_at"),
        "has_access": partner.is_valid_at(timezone.now()),
    }
    return partner_page(request, "webhooks/list.html", partner, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def webhook_make(request: HttpRequest, partner: Partner) -> HttpResponse:
    """Make one. The answer shows the secret, this once."""
    if not partner.is_valid_at(timezone.now()):
        return to_list(partner)
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = make_endpoint(partner, wishes=form.wishes, by=_by(request))
        except TooMany as refused:
            form.add_error(None, str(refused))
        else:
            return _show_secret(request, endpoint, secret, title="The webhook is made", is_new=True)
    said = {"page_title": "Make a webhook", "form": form}
    return partner_page(request, "webhooks/form.html", partner, said, status=400 if form.is_bound else 200)


@login_required
@require_safe
def webhook_one(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """One endpoint: how it is, what can be done, and its newest deliveries."""
    found = endpoint_of(request, endpoint)
    state = request.GET.get("state", "")
    rows = Delivery.objects.filter(endpoint=found).select_related("release").defer("release__document_json")
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    try:
        page = cut_page(rows, NEWEST, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    except BadCursor:
        return redirect("webhooks:one", endpoint)
    context = {
        "endpoint": found,
        "page": page,
        "state": state,
        "states": DeliveryState.choices,
        "now": timezone.now(),
        "replay": ReplayForm(),
        "page_title": str(found),
    }
    return partner_page(request, "webhooks/one.html", found.partner, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_change(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Change what it wants."""
    found = endpoint_of(request, endpoint)
    form = WebhookForm(request.POST or None, initial=as_given(found))
    if request.method == "POST" and form.is_valid():
        change_endpoint(found, wishes=form.wishes, by=_by(request))
        messages.success(request, "Saved. A new filter holds for what is released from now on.")
        return redirect("webhooks:one", endpoint)
    said = {"page_title": "Change a webhook", "form": form, "endpoint": found}
    return partner_page(request, "webhooks/form.html", found.partner, said, status=400 if form.is_bound else 200)


@login_required
@require_POST
def webhook_pause(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Pause it."""
    pause_endpoint(endpoint_of(request, endpoint), by=_by(request))
    messages.success(request, "Paused. What is released meanwhile is sent when you resume it.")
    return redirect("webhooks:one", endpoint)


@login_required
@require_POST
def webhook_resume(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Resume it."""
    resume_endpoint(endpoint_of(request, endpoint), by=_by(request), skip_missed="skip_missed" in request.POST)
    messages.success(request, "Resumed.")
    return redirect("webhooks:one", endpoint)


@login_required
@require_POST
def webhook_rotate(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """A new secret, shown this once."""
    found, secret = rotate_secret(endpoint_of(request, endpoint), by=_by(request))
    return _show_secret(request, found, secret, title="A new secret")


@login_required
@require_POST
def webhook_test(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Send a test, and go and see it."""
    delivery = send_test(endpoint_of(request, endpoint), by=_by(request))
    return redirect("webhooks:delivery", endpoint, delivery.message_id)


@login_required
@require_POST
def webhook_delete(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Delete it."""
    found = endpoint_of(request, endpoint)
    delete_endpoint(found, by=_by(request))
    messages.success(request, f"“{found}” is deleted: it is told nothing any more.")
    return to_list(found.partner)


@login_required
@require_POST
def webhook_replay(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Send a range of days again."""
    found, form = endpoint_of(request, endpoint), ReplayForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        since = dt.datetime.combine(asked["since"], dt.time.min, dt.UTC)
        until = dt.datetime.combine(asked["until"], dt.time.max, dt.UTC) if asked["until"] else timezone.now()
        try:
            count = replay_range(found, since=since, until=until, by=_by(request), only_failed=asked["only_failed"])
        except (TooMany, FilterBroken) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, f"{count} {'delivery waits' if count == 1 else 'deliveries wait'} to be sent again."
            )
    else:
        problems = [f"{form.fields[name].label}: {' '.join(map(str, texts))}" for name, texts in form.errors.items()]
        messages.error(request, " ".join(problems))
    return redirect("webhooks:one", endpoint)


@login_required
@require_safe
def delivery_one(request: HttpRequest, endpoint: UUID, message: str) -> HttpResponse:
    """One delivery: what was sent, what came back, attempt by attempt."""
    delivery = _delivery_of(request, endpoint, message)
    body = build_message(delivery)
    release = delivery.release
    what = f"{delivery.public_id} release {release.number}: {delivery.event}" if release else "Test"
    context = {
        "page_title": what,
        "endpoint": delivery.endpoint,
        "delivery": delivery,
        "log": Attempt.objects.filter(delivery=delivery).order_by("-id"),
        "body": body.decode() if body is not None else "",
    }
    return partner_page(request, "webhooks/delivery.html", delivery.endpoint.partner, context)


@login_required
@require_POST
def delivery_replay(request: HttpRequest, endpoint: UUID, message: str) -> HttpResponse:
    """Send one delivery again."""
    replay_delivery(_delivery_of(request, endpoint, message), by=_by(request))
    messages.success(request, "It is sent again within seconds, under the same webhook-id.")
    return redirect("webhooks:delivery", endpoint, printable(message))


def to_list(partner: Partner) -> HttpResponse:
    """To the webhooks of a partner."""
    return redirect(f"{reverse('webhooks:list')}?{urlencode({PARAMETER: partner.pk})}")


def _show_secret(
    request: HttpRequest, endpoint: Endpoint, secret: str, *, title: str, is_new: bool = False
) -> HttpResponse:
    said = {"page_title": title, "endpoint": endpoint, "secret": secret, "is_new": is_new}
    return partner_page(request, "webhooks/secret.html", endpoint.partner, said)


def _delivery_of(request: HttpRequest, endpoint: UUID, message: str) -> Delivery:
    rows = Delivery.objects.filter(endpoint=endpoint_of(request, endpoint)).defer("release__document_json")
    found: Delivery = get_object_or_404(rows.select_related("endpoint__partner", "release"), message_id=message)
    return found


def _by(request: HttpRequest) -> By:
    user: Any = request.user
    return By(user=user)

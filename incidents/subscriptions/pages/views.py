"""Pages about endpoints: list, make, one, change, delete; and the acts behind their buttons."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
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
from incidents.subscriptions.pages.forms import NewWebhookForm, ReplayForm, WebhookForm, as_given
from incidents.subscriptions.payload import build_message
from incidents.subscriptions.wishes import FilterBroken

NEWEST = Order("pages.deliveries", "", ("id",))
PAGE_SIZE = 30


def partners_of(request: HttpRequest) -> Any:
    """The partners that somebody belongs to and that have access."""
    now = timezone.now()
    found = Partner.objects.filter(members=request.user.pk).order_by("name")
    return found.filter(pk__in=[partner.pk for partner in found if partner.is_valid_at(now)])


def endpoint_of(request: HttpRequest, key: UUID) -> Endpoint:
    """An endpoint of one of their partners; what belongs to others does not exist.

    Raises:
        Http404: there is none.
    """
    mine = Endpoint.objects.filter(partner__in=partners_of(request)).select_related("partner")
    found: Endpoint = get_object_or_404(mine, pk=key)
    return found


@login_required
@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """All endpoints of one's partners, and how they are."""
    partners = partners_of(request)
    endpoints = (
        Endpoint.objects.filter(partner__in=partners).select_related("partner").order_by("partner__name", "created_at")
    )
    return render(request, "webhooks/list.html", {"partners": partners, "endpoints": endpoints})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_make(request: HttpRequest) -> HttpResponse:
    """Make one. The answer shows the secret, this once."""
    partners = partners_of(request)
    if not partners:
        return redirect("webhooks:list")
    form = NewWebhookForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = make_endpoint(form.cleaned_data["partner"], wishes=form.wishes, by=_by(request))
        except TooMany as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret, "is_new": True})
    return render(request, "webhooks/form.html", {"form": form}, status=400 if form.is_bound else 200)


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
    }
    return render(request, "webhooks/one.html", context)


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
    return render(
        request, "webhooks/form.html", {"form": form, "endpoint": found}, status=400 if form.is_bound else 200
    )


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
    return render(request, "webhooks/secret.html", {"endpoint": found, "secret": secret})


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
    delete_endpoint(endpoint_of(request, endpoint), by=_by(request))
    messages.success(request, "Deleted.")
    return redirect("webhooks:list")


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
    context = {
        "endpoint": delivery.endpoint,
        "delivery": delivery,
        "log": Attempt.objects.filter(delivery=delivery).order_by("-id"),
        "body": body.decode() if body is not None else "",
    }
    return render(request, "webhooks/delivery.html", context)


@login_required
@require_POST
def delivery_replay(request: HttpRequest, endpoint: UUID, message: str) -> HttpResponse:
    """Send one delivery again."""
    replay_delivery(_delivery_of(request, endpoint, message), by=_by(request))
    messages.success(request, "It is sent again within seconds, under the same webhook-id.")
    return redirect("webhooks:delivery", endpoint, printable(message))


def _delivery_of(request: HttpRequest, endpoint: UUID, message: str) -> Delivery:
    rows = Delivery.objects.filter(endpoint=endpoint_of(request, endpoint)).defer("release__document_json")
    found: Delivery = get_object_or_404(rows.select_related("endpoint__partner", "release"), message_id=message)
    return found


def _by(request: HttpRequest) -> By:
    user: Any = request.user
    return By(user=user)

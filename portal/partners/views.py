"""What members do: look, make a key, rotate one, revoke one.

The text of a new key stands in the answer to the form that made it and nowhere else, as at the desk.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from incidents.partners.forms import MakeKeyForm, RotateKeyForm
from incidents.partners.keys import KeyRefused, revoke_key
from incidents.partners.limits import DAYS_SHOWN, limit_of
from incidents.partners.models import ApiKey, Partner
from portal.accounts.models import User
from portal.partners.membership import PARAMETER, for_members, partner_page
from portal.partners.use import uses

PAST_SHOWN = 20
"""Keys that have ended; older ones stand in the audit log."""


@require_safe
@for_members
def home(request: HttpRequest, partner: Partner) -> HttpResponse:
    """Keys, their use, limits, clearance."""
    now = timezone.now()
    keys = list(partner.keys.select_related("partner", "successor"))
    present = [key for key in keys if key.is_valid_at(now)]
    context = {
        "page_title": partner.name,
        "keys": uses(present, now.date()),
        "past": [key for key in keys if not key.is_valid_at(now)][:PAST_SHOWN],
        "limit": limit_of(ApiKey(partner=partner)),
        "has_access": partner.is_valid_at(now),
        "days_shown": DAYS_SHOWN,
    }
    return partner_page(request, "partners/home.html", partner, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def make(request: HttpRequest, partner: Partner) -> HttpResponse:
    """Ask for a name, uses and an end; then show the new key, once."""
    if not partner.is_valid_at(timezone.now()):
        return back(
            request, partner, refusal="Your access has ended, so no keys can be made. Ask whoever runs this portal."
        )
    form = MakeKeyForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        return shown(request, *form.make(by=person(request)))
    said = {"page_title": "Make a key", "act": "Make the key", "form": form}
    said["explanation"] = "It is shown once, when it is made. We keep no copy that could be read."
    return partner_page(request, "partners/key.html", partner, said, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def rotate(request: HttpRequest, partner: Partner, prefix: str) -> HttpResponse:
    """Ask how long the old key goes on; then show its successor, once."""
    key = get_object_or_404(partner.keys, prefix=prefix)
    form = RotateKeyForm(request.POST or None)
    if not partner.is_valid_at(timezone.now()):
        return back(
            request, partner, refusal="Your access has ended, so no keys can be made. Ask whoever runs this portal."
        )
    if request.method == "POST" and form.is_valid():
        try:
            return shown(request, *form.rotate(key, by=person(request)))
        except KeyRefused as refused:
            return back(request, partner, refusal=str(refused))
    said = {"page_title": f"Rotate “{key.name}”", "act": "Make the new key", "form": form, "key": key}
    said["explanation"] = "A new key with the same name, uses and life takes the place of this one."
    return partner_page(request, "partners/key.html", partner, said, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def revoke(request: HttpRequest, partner: Partner, prefix: str) -> HttpResponse:
    """Confirm, then end a key at once."""
    key = get_object_or_404(partner.keys, prefix=prefix)
    if request.method == "POST":
        revoke_key(key, by=person(request))
        messages.success(request, f"The key “{key.name}” is revoked: nobody can use it any more.")
        return back(request, partner)
    said = {"page_title": f"Revoke “{key.name}”", "act": "Revoke the key", "is_grave": True, "key": key}
    said["explanation"] = "Programs that use it are refused from the next request on. It cannot be undone."
    return partner_page(request, "partners/key.html", partner, said)


def shown(request: HttpRequest, key: ApiKey, token: str) -> HttpResponse:
    """The one page that shows the text of a key."""
    said = {"page_title": "Your new key", "key": key, "token": token}
    return partner_page(request, "partners/key_made.html", key.partner, said)


def back(request: HttpRequest, partner: Partner, *, refusal: str = "") -> HttpResponse:
    """To the page of the partner, with a word on why something was not done."""
    if refusal:
        messages.error(request, refusal)
    return HttpResponseRedirect(f"{reverse('partners:home')}?{urlencode({PARAMETER: partner.pk})}")


def person(request: HttpRequest) -> User:
    """Who is signed in; `for_members` lets nobody else in."""
    member: Any = request.user
    return member  # type: ignore[no-any-return]

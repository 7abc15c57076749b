"""The desk's pages on which a key of a partner is made, rotated or revoked.

The text of a new key stands in the answer to the form that made it and nowhere else: in no address, session, message or log, so
that going back or sending the page on does not show it again.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from incidents.partners.forms import MakeKeyForm, RotateKeyForm
from incidents.partners.keys import KeyRefused, revoke_key
from incidents.partners.models import ApiKey, Partner


def make_view(site: admin.AdminSite, request: HttpRequest, partner_pk: int) -> HttpResponse:
    """Ask for a name, scopes and an end; then show the new key, once.

    Raises:
        PermissionDenied: the person may not make keys.
    """
    by = _may(request, "incidents.add_apikey")
    partner = get_object_or_404(Partner, pk=partner_pk)
    form = MakeKeyForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        return _shown(site, request, *form.make(by=by))
    said = {
        "act": "Make a key",
        "explanation": "It is shown once, when it is made. We keep no copy that could be read.",
    }
    return _asked(site, request, partner, form, said)


def rotate_view(site: admin.AdminSite, request: HttpRequest, partner_pk: int, key_pk: int) -> HttpResponse:
    """Ask how long the old key goes on; then show the new one, once.

    Raises:
        PermissionDenied: the person may not make keys.
    """
    by = _may(request, "incidents.add_apikey")
    key = _key_or_404(partner_pk, key_pk)
    form = RotateKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _shown(site, request, *form.rotate(key, by=by))
        except KeyRefused as refused:
            form.add_error(None, str(refused))
    said = {"act": "Rotate", "explanation": "A new key with the same name, uses and life takes the place of this one."}
    return _asked(site, request, key.partner, form, {**said, "key": key})


def revoke_view(site: admin.AdminSite, request: HttpRequest, partner_pk: int, key_pk: int) -> HttpResponse:
    """Confirm, then end a key at once.

    Raises:
        PermissionDenied: the person may not change keys.
    """
    by = _may(request, "incidents.change_apikey")
    key = _key_or_404(partner_pk, key_pk)
    if request.method == "POST":
        revoke_key(key, by=by)
        messages.success(request, f"The key {key} is revoked.")
        return HttpResponseRedirect(reverse("admin:incidents_partner_change", args=[partner_pk]))
    said = {"act": "Revoke", "is_grave": True, "key": key}
    said["explanation"] = "Programs that use it are refused from the next request on. It cannot be undone."
    return _asked(site, request, key.partner, Form(), said)


def _may(request: HttpRequest, right: str) -> AbstractUser:
    by: Any = request.user
    if not by.has_perm(right):
        raise PermissionDenied
    return by  # type: ignore[no-any-return]


def _key_or_404(partner_pk: int, key_pk: int) -> ApiKey:
    return get_object_or_404(ApiKey.objects.select_related("partner"), pk=key_pk, partner=partner_pk)


def _asked(
    site: admin.AdminSite, request: HttpRequest, partner: Partner, form: Form, said: dict[str, Any]
) -> HttpResponse:
    title = f"{said['act']}: {said.get('key') or partner}"
    context = {**site.each_context(request), **said, "title": title, "partner": partner, "form": form}
    return TemplateResponse(
        request,
        "admin/incidents/partner/key.html",
        {**context, "opts": Partner._meta},
        status=409 if form.errors else 200,
    )


def _shown(site: admin.AdminSite, request: HttpRequest, key: ApiKey, token: str) -> HttpResponse:
    context = {**site.each_context(request), "title": f"New key: {key.name}", "partner": key.partner, "key": key}
    return TemplateResponse(
        request, "admin/incidents/partner/key_made.html", {**context, "token": token, "opts": Partner._meta}
    )

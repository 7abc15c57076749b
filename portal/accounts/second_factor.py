"""Publishers, and those who admit partners, act with a second factor: until one is set up, the admin sends them to do so."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.accounts.models import User

GRAVE_RIGHTS = ("incidents.publish_incident", "incidents.withdraw_incident", "incidents.change_partner")
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether the account has an authenticator app, a security key or a passkey. Recovery codes alone do not count."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def must_set_up_second_factor(user: User) -> bool:
    """Whether this person may publish or admit partners, must therefore have a second factor, and has none yet."""
    if not settings.REQUIRE_MFA_FOR_PUBLISHERS:
        return False
    is_grave = any(user.has_perm(right) for right in GRAVE_RIGHTS)
    return is_grave and not has_second_factor(user)


class SecondFactorMiddleware:
    """Keeps the admin shut to people with grave rights who have no second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or send the person to set up a second factor first."""
        user = request.user if request.path_info.startswith("/admin/") else None
        if isinstance(user, User) and must_set_up_second_factor(user):
            messages.warning(
                request,
                "People who publish or admit partners sign in with a second factor. Please set one up to go on.",
            )
            return redirect("mfa_index")
        return self.get_response(request)

"""Publishers act with a second factor: until one is set up, the admin sends them to set it up."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.accounts.models import User

RIGHTS_TO_PUBLISH = ("incidents.publish_incident", "incidents.withdraw_incident")
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether the account has an authenticator app, a security key or a passkey. Recovery codes alone do not count."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def must_set_up_second_factor(user: User) -> bool:
    """Whether this person may publish, must therefore have a second factor, and has none yet."""
    if not settings.REQUIRE_MFA_FOR_PUBLISHERS:
        return False
    may_publish = any(user.has_perm(right) for right in RIGHTS_TO_PUBLISH)
    return may_publish and not has_second_factor(user)


class SecondFactorMiddleware:
    """Keeps the admin shut to publishers who have no second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or send the publisher to set up a second factor first."""
        user = request.user if request.path_info.startswith("/admin/") else None
        if isinstance(user, User) and must_set_up_second_factor(user):
            messages.warning(request, "People who publish sign in with a second factor. Please set one up to go on.")
            return redirect("mfa_index")
        return self.get_response(request)

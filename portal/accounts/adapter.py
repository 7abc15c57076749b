"""How the sign-in library is bent to our house: nobody signs up, the log knows who signed in, and mail leads home."""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from incidents.audit.record import record_act
from incidents.partners.models import Partner
from portal.accounts.models import User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Site:
    """What mail calls this site: its name, and where it is."""

    name: str
    domain: str


class ClosedSignUp(DefaultAccountAdapter):
    """Sign-in for people who have an account already, made with `make editor` or in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Note in the audit log that somebody signed in, all factors given; then go on."""
        record_act(act="sign in", target_kind="user", target_id=user.email, by=user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the desk, or for those whom the desk would send away to their partner's page, or else to their own account."""
        desk: str = super().get_login_redirect_url(request)
        if getattr(request.user, "is_staff", False):
            return desk
        is_member = Partner.objects.filter(members=request.user.pk).exists()
        return reverse("partners:home") if is_member else reverse("account_profile")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in the name of the site, not of the host that a request happened to ask for."""
        site = Site(settings.SITE_NAME, settings.SITE_URL)
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a mail to choose a new password."""
        return lead_home(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link of a mail to confirm an address."""
        return lead_home(super().get_email_confirmation_url(request, emailconfirmation))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Warn the operator of a failed try, naming the caller's address but not what was typed."""
        logger.warning("A sign-in failed, from %s.", self.get_client_ip(request))


def lead_home(link: str) -> str:
    """A link to a page of ours, at the address of the site: who asked for it might have named another port or host."""
    return f"{settings.SITE_URL}{urlsplit(link).path}"

"""How the sign-in library is bent to our house: nobody signs up, and the log knows who signed in."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from incidents.audit.record import record_act
from portal.accounts.models import User

logger = logging.getLogger(__name__)


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

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Warn the operator of a failed try, naming the caller's address but not what was typed."""
        logger.warning("A sign-in failed, from %s.", self.get_client_ip(request))

"""Mail to the members of a partner when one of its endpoints has been paused because it does not work."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from incidents.subscriptions.models import Endpoint

log = logging.getLogger(__name__)


def send_notices() -> int:
    """Send the notices that are owed. At least once: one is struck off when its mail has been handed over.

    Returns:
        how many were sent. An endpoint whose partner has no members has its notice on the page alone.
    """
    sent = 0
    for endpoint in Endpoint.objects.filter(is_notice_due=True).select_related("partner"):
        members = [user.email for user in endpoint.partner.members.filter(is_active=True) if user.email]
        if members:
            address = settings.SITE_URL + reverse("webhooks:one", args=[endpoint.pk])
            text = render_to_string(
                "webhooks/paused.txt", {"endpoint": endpoint, "address": address, "site": settings.SITE_NAME}
            )
            try:
                send_mail(f"[{settings.SITE_NAME}] Webhook paused: {endpoint}"[:200], text, None, members)
            except (OSError, SMTPException):
                log.exception("A notice could not be sent; trying again later.")
                continue
            sent += 1
        Endpoint.objects.filter(pk=endpoint.pk).update(is_notice_due=False)
    return sent

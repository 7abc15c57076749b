"""The receivers in the documentation take what the courier really sends, and nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from incidents.outgoing.client import Client
from incidents.subscriptions.models import Attempt
from incidents.subscriptions.signing import new_secret, signed_headers
from tests.conftest import ROOT
from tests.factories import make_incident, publish_incident
from tests.factories.webhooks import make_webhook
from tests.run.ports import await_port, free_port

pytestmark = pytest.mark.django_db
FOLDER = ROOT / "docs" / "examples"
PROGRAMS = {"python": (sys.executable, "webhook_receiver.py"), "node": ("node", "webhook_receiver.mjs")}


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_example_accepts_what_is_signed(language: str, deliver: Callable[..., None], settings: Any) -> None:
    program, file = PROGRAMS[language]
    if shutil.which(program) is None:
        pytest.skip(f"There is no {program} here to run the example with.")
    settings.OUTGOING_ALLOW, settings.OUTGOING_ALLOW_HTTP = ["127.0.0.0/8"], True
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    _, secret = make_webhook(url=url)
    incident = make_incident("Überall „Zeichen“, die nicht ASCII sind")
    environment = {**os.environ, "WEBHOOK_SECRET": secret}
    receiver = subprocess.Popen(
        [program, file, str(port)], cwd=FOLDER, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        await_port(port, receiver)
        publish_incident(incident)
        deliver()
        body, now = b'{"type": "advisory.created", "data": {"id": "forged"}}', timezone.now()
        forged = signed_headers(body, message_id="msg_1", time=now, keys=[new_secret()])
        old = signed_headers(body, message_id="msg_2", time=now - timedelta(minutes=6), keys=[secret])
        refused = [Client(seconds=5).post(url, body, headers).status for headers in ({}, forged, old)]
    finally:
        receiver.terminate()
        told = receiver.communicate()[0].decode()

    assert list(Attempt.objects.values_list("status", "fault")) == [(204, "")]
    assert told == f"advisory.created {incident.public_id}\n"
    assert refused == [401, 401, 401]

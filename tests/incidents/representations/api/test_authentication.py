"""Who is asking: keys as Bearer and Basic, and what is said when one opens nothing."""

import base64
import logging

import pytest
from django.test import Client

from incidents.partners.keys import revoke_key
from incidents.partners.scopes import Scope
from incidents.vocabulary.tlp import TLP
from tests.factories import make_full_incident, publish_incident
from tests.factories.partners import make_partner, make_partner_key

pytestmark = pytest.mark.django_db


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def ask(header: str | None) -> tuple[int, dict[str, object], dict[str, str]]:
    answer = Client(headers={"authorization": header} if header is not None else {}).get("/api/v1/advisories/")
    return answer.status_code, answer.json(), dict(answer.headers)


def test_bearer_and_basic_show_what_the_clearance_allows() -> None:
    publish_incident(make_full_incident("Amber incident", tlp=TLP.AMBER))
    _, token = make_partner_key(make_partner(clearance=TLP.AMBER))

    for header in (f"Bearer {token}", f"bearer {token}", basic("", token), basic("anything", token)):
        status, said, headers = ask(header)
        assert status == 200
        assert len(said["data"]) == 1  # type: ignore[arg-type]
        assert headers["Cache-Control"] == "private, no-store"
    assert ask(None)[1]["data"] == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic",
        "Basic !!!",
        "Basic /w==",
        "Digest a",
        "Bearer " + "x" * 5000,
        basic("tocsin", ""),
    ],
)
def test_a_header_that_shows_no_key_is_answered_401(header: str) -> None:
    status, said, headers = ask(header)

    assert status == 401
    assert str(said["type"]).endswith("/api/problems/not-authenticated/")
    assert headers["WWW-Authenticate"].startswith("Bearer")
    assert headers["Cache-Control"] == "private, no-store"


def test_a_revoked_key_is_told_so_and_does_not_fall_back_to_the_public() -> None:
    key, token = make_partner_key()
    revoke_key(key, by=None)

    status, said, _ = ask(f"Bearer {token}")

    assert status == 401
    assert "revoked" in str(said["detail"])


def test_a_key_made_for_something_else_does_not_read() -> None:
    _, token = make_partner_key(scopes=[Scope.SUBMIT])

    status, said, _ = ask(f"Bearer {token}")

    assert status == 403
    assert "“read”" in str(said["detail"])


def test_no_key_stands_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, token = make_partner_key()
    for header in (f"Bearer {token}", f"Bearer {token[:-1]}", basic("x", token)):
        ask(header)

    secret = token.split("_", 2)[2][:-1]
    assert [record for record in caplog.records if secret in record.getMessage() or secret in str(record.args)] == []

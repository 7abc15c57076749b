"""The state of services at the time of an update, written in lines."""

import pytest
from django.core.exceptions import ValidationError

from incidents.catalogue.models import Service
from incidents.editing.impacts import read_impacts
from tests.factories import make_organization, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def banking() -> Service:
    return make_service("Online banking", make_organization("Harbour Bank"))


@pytest.mark.parametrize(
    "line",
    [
        "harbour-bank/online-banking: partial_outage",
        "Harbour-Bank/Online-Banking:Partial outage",
        "online BANKING : partial outage",
        "Online banking (Harbour Bank): partial outage",
        "\n  online banking: Partial Outage  \n\n",
    ],
)
def test_a_service_is_found_by_its_address_or_its_name(banking: Service, line: str) -> None:
    assert read_impacts(line) == {banking: "partial_outage"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Online banking", "lacks a service, a colon or a state"),
        (": degraded", "lacks a service, a colon or a state"),
        ("Online banking: wobbly", "“wobbly” is no state of a service. Choose one of: operational, degraded"),
        ("Onlin bankng: degraded", "Did you mean harbour-bank/online-banking?"),
        ("Online banking: degraded\nharbour-bank/online-banking: operational", "Line 2: .* stands in two lines"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_to_write(banking: Service, line: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        read_impacts(line)


def test_a_name_that_several_services_have_asks_which_one(banking: Service) -> None:
    make_service("Online banking", make_organization("Bay Bank"))

    with pytest.raises(ValidationError, match="bay-bank/online-banking, harbour-bank/online-banking"):
        read_impacts("Online banking: degraded")


def test_every_line_with_a_problem_is_named(banking: Service) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_impacts("Online banking: degraded\nx: degraded\nnothing")

    assert [message[:6] for message in refusal.value.messages] == ["Line 2", "Line 3"]

"""INV-TLP at every address of the API, found from the router: a caller sees what their clearance allows, and no more."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from incidents.representations.api import problems
from incidents.vocabulary.tlp import TLP
from tests.promises.addresses import addresses
from tests.promises.test_secret_word import LABELS, make_public, make_secret, parameter_values

pytestmark = pytest.mark.django_db
QUERIES = (
    *(
        "advisories/?severity=critical",
        "advisories/?count=exact&sector=mining",
        "advisories/?expand=organizations,actors",
    ),
    *("advisories/?sort=severity&limit=1", "advisories/?modified_since=2000-01-01&count=estimate", "changes/?slim=1"),
    *("changes/stream/?released_since=2000-01-01", "changes/?slim=1&wait=0"),
    *("facets/?severity=critical", "facets/?year=2019", "organizations/?count=exact", "services/?count=estimate"),
)


def read_api(client: Client, places: list[str]) -> dict[str, str]:
    """Status, headers and body of each address, in lower case, without what was asked for."""
    read = {}
    for place in places:
        answer = client.get(place)
        text = f"{answer.status_code} {sorted(answer.headers.items())} {answer.getvalue().decode()}".lower()
        read[place] = text
    return read


def words_in(place: str, text: str, words: dict[str, str]) -> set[str]:
    """The labels whose secret word stands in an answer, besides repeating the address that was asked for."""
    said = text.replace(place.lower(), "")
    return {label for label, word in words.items() if word.lower() in said}


@pytest.mark.parametrize("clearance", [TLP.CLEAR, TLP.GREEN, TLP.AMBER, TLP.AMBER_STRICT, TLP.RED])
def test_a_caller_reads_what_their_clearance_allows_and_no_more(
    partner: Callable[[TLP], Client], clearance: TLP
) -> None:
    public = make_public()
    secrets = {label: make_secret(label) for label in LABELS}
    words = {label: word for label, (_, word) in secrets.items()}
    values = parameter_values([incident for incident, _ in secrets.values()], public)
    places = sorted({*addresses(values), *(f"/api/v1/{query}" for query in QUERIES)})
    places = [place for place in places if place.startswith("/api/v1/")]

    read = read_api(partner(clearance), places)

    allowed = {label for label in ("green", "amber", "amber+strict") if TLP(label).rank <= clearance.rank}
    told = {place: words_in(place, text, words) for place, text in read.items()}
    assert {place: found - allowed for place, found in told.items() if found - allowed} == {}
    assert set().union(*told.values()) == allowed
    if clearance != TLP.CLEAR:
        assert [place for place, text in read.items() if "'private, no-store'" not in text] == []


@pytest.mark.parametrize("label", ["green", "amber", "amber+strict"])
def test_nobody_below_can_tell_whether_it_exists(partner: Callable[[TLP], Client], label: str) -> None:
    public = make_public()
    places = [place for place in addresses(parameter_values([], public)) if place.startswith("/api/v1/")]
    places += [f"/api/v1/{query}" for query in QUERIES]
    below = list(TLP)[TLP(label).rank - 1]
    before = read_api(partner(below), places)

    make_secret(label)

    after = read_api(partner(below), places)
    assert [place for place in places if before[place] != after[place]] == []


def test_nothing_of_the_api_but_caller_decides_who_asks() -> None:
    room = Path(problems.__file__).parent

    deciding = [path.name for path in sorted(room.glob("*.py")) if "PUBLIC" in re.findall(r"\w+", path.read_text())]

    assert deciding == ["caller.py"]

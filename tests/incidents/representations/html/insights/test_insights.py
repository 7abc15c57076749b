"""`/insights/` and its files: what they say, that nothing in them can run, and what they cost."""

import csv
import datetime as dt
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from incidents.catalogue.models import Technique
from incidents.insight.report import NAMES
from incidents.publication.document import Timeline
from incidents.representations.html.insights.files import insight_csv, insight_svg
from incidents.representations.html.insights.views import insights
from incidents.vocabulary.words import Framework, Severity
from tests.factories.catalogues import speak
from tests.factories.corpus import claim, involved, release_document, step
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def frozen_time() -> Any:
    with time_machine.travel(dt.datetime(2025, 11, 27, 12, tzinfo=dt.UTC), tick=False):
        yield


def make_corpus(count: int = 3) -> None:
    for number in range(count):
        release_document(
            severity=Severity.HIGH if number else Severity.CRITICAL,
            timeline=Timeline(occurred_from=f"2025-0{number % 9 + 1}-05", disclosed="2025-10-01"),
            organizations=(involved(f"bank-{number}", sector="financial-services", country="SG"),),
            attacks=(step(f"T{1486 + number}"),),
            attributions=(claim("grey-heron"),) if number == 0 else (),
        )


def read(client: Client, address: str, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status
    return Page(response.content)


def rows(client: Client, address: str) -> list[list[str]]:
    return list(csv.reader(client.get(address).content.decode().splitlines()))


def test_each_insight_has_a_sentence_a_named_drawing_and_a_table(client: Client) -> None:
    make_corpus()

    found = read(client, "/insights/")

    assert len(found.texts("h2")) == len(found.texts("p", "finding")) == len(found.texts("table")) == len(NAMES)
    drawings = [attributes for tag, attributes, _ in found.elements if tag == "svg" and attributes.get("role") == "img"]
    assert [one["aria-labelledby"] for one in drawings] == [f"{name}-svg-title {name}-svg-desc" for name in NAMES]
    assert found.text_of("attribution-svg-desc") == found.texts("p", "finding")[4]
    assert found.texts("p", "insights-lead") == [
        "What 3 advisories show together, as of 1 January 2025. Withdrawn advisories are not counted, nor are exercises."
    ]


def test_rows_of_a_table_lead_to_the_list_that_they_count(client: Client) -> None:
    make_corpus()

    found = read(client, "/insights/?severity=high")

    addresses = [a["href"] for tag, a, _ in found.elements if tag == "a" and a["href"].startswith("/incidents/?")]
    assert addresses == [
        "/incidents/?severity=high",
        "/incidents/?severity=high&sector=financial-services",
        "/incidents/?severity=high&technique=attack/T1487",
        "/incidents/?severity=high&technique=attack/T1488",
        "/incidents/?severity=high&year=2025",
        "/incidents/?severity=high&country=SG",
    ]
    assert len(read(client, addresses[1]).texts("article", "row")) == 2


def test_files_keep_the_filters_of_the_page(client: Client) -> None:
    make_corpus()

    found = read(client, "/insights/?severity=high&country=SG")

    files = [a["href"] for tag, a, _ in found.elements if tag == "a" and "download" in a]
    assert files[:2] == [
        "/insights/months.csv?severity=high&country=SG",
        "/insights/months.svg?severity=high&country=SG",
    ]
    assert len(files) == 2 * len(NAMES)


def test_a_csv_file_has_the_whole_table_with_its_day_and_source(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://tocsin.example"
    make_corpus()

    response = client.get("/insights/countries.csv?severity=high")

    assert response.content.decode() == (
        "Country,Code,Advisories,As of,Counted,Source\r\n"
        "Singapore,SG,2,2025-01-01,all found,https://tocsin.example/insights/?severity=high\r\n"
    )
    assert (response.headers["Content-Type"], response.headers["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="insight-countries.csv"',
    )


def test_a_csv_file_says_of_what_its_numbers_are_where_the_filters_find_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("incidents.insight.report", "incidents.representations.html.insights.files"):
        monkeypatch.setattr(f"{module}.MOST_COUNTED", 1)
    make_corpus()

    assert {row[-2] for row in rows(client, "/insights/countries.csv?severity=high")[1:]} == {
        "the newest 1 of those found"
    }


@pytest.mark.parametrize("view", [insight_csv, insight_svg])
def test_files_are_in_english_whoever_asks(rf: Any, settings: Any, tmp_path: Path, view: Any) -> None:
    speak(settings, tmp_path, "de", {"Sectors": "Branchen", "Sector": "Branche", "Advisories": "Meldungen"})
    make_corpus()
    plain = view(rf.get("/insights/sectors.csv"), insight="sectors").content

    with override("de"):
        assert view(rf.get("/insights/sectors.csv"), insight="sectors").content == plain


def test_the_page_is_in_the_language_of_the_reader(rf: Any, settings: Any, tmp_path: Path) -> None:
    speak(
        settings,
        tmp_path,
        "de",
        {"Sectors": "Branchen", "9 advisories of 12|%(part)s of %(all)s": "%(part)s von %(all)s"},
    )
    make_corpus()

    with override("de"):
        text = insights(rf.get("/insights/")).content.decode()

    assert re.findall(r"<title id=.sectors-svg-title.>(.*)</title>", text) == ["Branchen"]
    assert re.findall(r">(\d+ (?:of|von) \d+)</text>", text) == ["2 von 3"]


def test_a_csv_cell_never_becomes_a_formula(client: Client) -> None:
    make_corpus(1)
    Technique.objects.create(framework=Framework.ATTACK, external_id="T1486", name="=HYPERLINK(1)")

    assert rows(client, "/insights/techniques.csv")[1][:2] == ["'=HYPERLINK(1)", "attack/T1486"]


def test_an_svg_file_needs_nothing_else_and_cannot_run(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://tocsin.example"
    make_corpus()
    Technique.objects.create(framework=Framework.ATTACK, external_id="T1486", name="<script>alert(1)</script>")

    for name in NAMES:
        response = client.get(f"/insights/{name}.svg?country=SG")
        root = ET.fromstring(response.content)

        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert (response.headers["Content-Type"], response.headers["X-Content-Type-Options"]) == (
            "image/svg+xml",
            "nosniff",
        )
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            *("svg", "title", "desc", "rect", "text", "g", "line", "path", "circle"),
        }
        texts = [text.text or "" for text in root.iter(f"{SVG}text")]
        assert texts[-1] == "Tocsin, as of 2025-01-01 · https://tocsin.example/insights/?country=SG"
        assert "Only Country: Singapore." in texts


def test_files_and_page_say_the_same(client: Client) -> None:
    make_corpus()
    page = read(client, "/insights/")

    findings = [ET.fromstring(client.get(f"/insights/{name}.svg").content).findtext(f"{SVG}desc") for name in NAMES]

    assert findings == page.texts("p", "finding")


@pytest.mark.parametrize("ending", ["csv", "svg"])
def test_there_are_files_of_known_insights_only(client: Client, ending: str) -> None:
    assert client.get(f"/insights/passwords.{ending}").status_code == 404


@pytest.mark.parametrize("address", ["/insights/", "/insights/months.csv", "/insights/months.svg"])
def test_what_is_not_understood_is_said_everywhere(client: Client, address: str) -> None:
    make_corpus()

    response = client.get(f"{address}?sector=mines")

    assert response.status_code == 400
    assert "“mines” is no value of “sector”." in response.content.decode()


def test_nothing_published_and_nothing_found_are_told_apart(client: Client) -> None:
    nothing = read(client, "/insights/")
    make_corpus()
    not_found = read(client, "/insights/?severity=low")

    assert nothing.texts("h2") == ["There is nothing to count yet"]
    assert not_found.texts("h2") == ["No advisory matches all of this"]
    assert not_found.texts("a", "chip") == ["Severity Low, remove×", "Remove all"]
    assert rows(client, "/insights/sectors.csv?severity=low") == [["As of", "Counted", "Source"]]
    assert ET.fromstring(client.get("/insights/sectors.svg?severity=low").content).findtext(f"{SVG}desc") == (
        "Nothing is counted here."
    )


def test_withdrawn_is_no_choice_here(client: Client) -> None:
    make_corpus()

    assert [text for text in read(client, "/insights/").texts("a") if text == "Withdrawn"] == []


def test_only_the_plain_page_is_for_search_engines(client: Client) -> None:
    make_corpus()

    assert read(client, "/insights/").attributes("link", "href")[0].endswith("/insights/")
    assert "noindex" in client.get("/insights/?severity=high").content.decode()


def test_the_page_offers_the_values_of_facets_with_their_numbers(client: Client) -> None:
    make_corpus(2)

    listed, counted = (client.get(address).content.decode() for address in ("/incidents/", "/insights/"))

    for name in ("severity", "sector", "country", "technique"):
        offered = set(re.findall(rf'href="/incidents/\?{name}=([^"&]+)"', listed))
        assert offered
        assert offered == set(re.findall(rf'href="/insights/\?{name}=([^"&]+)"', counted)), name


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_the_same_queries_however_much_there_is(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    make_corpus(count)
    client.get("/incidents/")

    with django_assert_num_queries(9):
        client.get("/insights/")
    with django_assert_num_queries(4):
        client.get("/insights/")
    with django_assert_num_queries(1):
        client.get("/insights/countries.svg")
    cache.clear()
    with django_assert_num_queries(6):
        client.get("/insights/countries.csv")

"""INV-LANG: what stands at an address depends on the address alone, and says in which language it is."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from incidents.publication.models import Advisory, Rendition
from incidents.vocabulary.languages import DEFAULT, LANGUAGES, Language, split_language
from tests.factories import make_full_incident, make_published, publish_incident
from tests.promises.addresses import EVERY_LANGUAGE, addresses
from tests.promises.test_secret_word import make_public, parameter_values

pytestmark = pytest.mark.django_db

OTHERS = [language for language in LANGUAGES if language is not DEFAULT]
SOME = [language for language in LANGUAGES if language.code in ("zh-hans", "ar")]
LINK = re.compile(r'\b(?:href|src|action|data-suggest|data-related)="(/[^"]*)"')
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)
GEOMETRY = re.compile(r'\b(x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|d|points|transform|viewBox)="([^"]*)"')
HAS_NO_LANGUAGE = re.compile(
    r"/(static|schema|api/v1|api/schema|admin|accounts|\.well-known)/|[^?]*\.(atom|rss|json|xml|csv|svg|md|bib|ris|png)\b|.*/(card|files/\w+)/$"
)


def html_pages(language: Language) -> dict[str, str]:
    """Every page of the reading room in a language, by address."""
    client = Client()
    places = addresses(parameter_values([], make_public()), [language.code])
    answers = {place: client.get(place) for place in sorted(places) if not place.endswith("/card/")}
    return {
        place: answer.content.decode()
        for place, answer in answers.items()
        if answer.headers["Content-Type"].startswith("text/html") and answer.status_code == 200
    }


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_page_says_its_language_and_direction(language: Language) -> None:
    direction = "rtl" if language.code == "ar" else "ltr"

    pages = html_pages(language)

    assert len(pages) > 20
    starts = {place: text[: text.index("<head>")].strip() for place, text in pages.items()}
    assert set(starts.values()) == {f'<!doctype html>\n<html lang="{language.code}" dir="{direction}">'}


@pytest.mark.parametrize("language", SOME, ids=lambda language: language.code)
def test_links_stay_in_the_language_of_the_page(language: Language) -> None:
    strayed: dict[str, set[str]] = {}
    for place, text in html_pages(language).items():
        body = re.sub(r'<nav class="languages".*?</nav>', "", text, flags=re.DOTALL)
        links = {unescape(link) for link in LINK.findall(body)}
        wrong = {link for link in links if not HAS_NO_LANGUAGE.match(link) and split_language(link)[0] != language}
        strayed |= {place: wrong} if wrong else {}

    assert strayed == {}


@pytest.mark.parametrize("language", [DEFAULT, *SOME], ids=lambda language: language.code)
def test_a_page_is_canonical_in_its_own_language_and_names_the_others(language: Language, settings: Settings) -> None:
    root = settings.SITE_URL
    for place, text in html_pages(language).items():
        canonical = [address.removeprefix(root) for address in CANONICAL.findall(text)]
        named = {code: address.removeprefix(root) for code, address in ALTERNATE.findall(text)}

        assert [split_language(address)[0] for address in canonical] in ([language], []), place
        if named:
            plain = split_language(canonical[0])[1]
            assert named == {
                "x-default": plain,
                **{other.code: plain if other is DEFAULT else f"/{other.code}{plain}" for other in LANGUAGES},
            }


def test_the_menu_leads_to_this_very_page_in_every_language(client: Client) -> None:
    make_published(severity="high")

    text = client.get("/de/incidents/?severity=high&sort=severity").content.decode()

    menu = text[text.index('<nav class="languages"') :]
    assert [unescape(link) for link in LINK.findall(menu)] == [
        "/incidents/?severity=high&sort=severity",
        *(f"/{other.code}/incidents/?severity=high&sort=severity" for other in OTHERS),
    ]
    assert re.findall(r'aria-current="true">([^<]+)<', menu) == ["Deutsch"]


def test_the_menu_cannot_be_made_to_lead_elsewhere(client: Client) -> None:
    text = client.get("/de//elsewhere.example/").content.decode()

    menu = text[text.index('<nav class="languages"') :]
    assert [link for link in LINK.findall(menu) if link.startswith("//")] == []


@pytest.mark.parametrize(
    "place", ["/", "/incidents/", "/fr/incidents/", "/incidents/nothing/", "/schema/advisory-1.json"]
)
def test_neither_preference_nor_cookie_chooses_a_language(place: str) -> None:
    make_published()
    plain, asking = Client(), Client(headers={"accept-language": "ar, de;q=0.5"})
    asking.cookies["django_language"] = "hi"

    answer, other = plain.get(place), asking.get(place)

    assert other.content == answer.content
    assert other.headers == answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "place",
    [
        *("/en/", "/it/", "/DE/", "/de-at/", "/zh-cn/", "/de/admin/", "/de/accounts/login/", "/de/sitemap.xml"),
        *("/de/opensearch.xml", "/de/schema/advisory-1.json", "/de/incidents/feed.atom", "/de/insights/months.csv"),
    ],
)
def test_what_has_one_language_has_no_prefix(client: Client, place: str) -> None:
    assert client.get(place).status_code == 404


def test_representations_of_an_advisory_have_no_prefix(client: Client) -> None:
    public_id = make_published(full=True).public_id

    for rest in (".json", ".md", "/card/", "/feed.atom", "/releases/1.json"):
        assert client.get(f"/incidents/{public_id}{rest}").status_code == 200
        assert client.get(f"/de/incidents/{public_id}{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["", "history/", "related/", "releases/1/"])
def test_redirects_stay_in_the_language(client: Client, rest: str) -> None:
    public_id = make_published().public_id

    answer = client.get(f"/fr/incidents/{public_id.lower()}/{rest}")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/fr/incidents/{public_id}/{rest}")


def test_a_merged_advisory_leads_on_in_the_language(client: Client) -> None:
    merged, other = make_published("One"), make_published("Other")
    Advisory.objects.filter(pk=merged.pk).update(merged_into=other.public_id)

    answer = client.get(f"/es/incidents/{merged.public_id}/")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/es/incidents/{other.public_id}/")


def test_what_is_stored_does_not_depend_on_who_publishes_or_asks() -> None:
    incident = make_full_incident()
    with translation.override("ar"):
        publish_incident(incident)
    stored = {row.format: bytes(row.body) for row in Rendition.objects.all()}
    Rendition.objects.all().delete()

    client = Client()
    for language in EVERY_LANGUAGE:
        with translation.override(language):
            client.get(f"/incidents/{incident.public_id}/")
            client.get(f"/incidents/{incident.public_id}.json")
    rebuilt = {row.format: bytes(row.body) for row in Rendition.objects.all()}

    assert sorted(rebuilt) == ["html", "json"]
    assert rebuilt == {name: stored[name] for name in rebuilt}


def test_what_is_kept_with_the_edition_does_not_depend_on_who_asked_first() -> None:
    make_public()
    client, places = Client(), ("/", "/incidents/", "/insights/", "/techniques/", "/incidents/calendar/")
    first = {place: client.get(place).content for place in places}

    cache.clear()
    for place in places:
        client.get(f"/ar{place}")

    assert {place: client.get(place).content for place in places} == first


def test_drawings_are_the_same_in_every_language() -> None:
    public = make_public()
    for month in range(1, 4):
        make_published(f"Another {month}", occurred_from=f"2025-{month:02d}", severity="high")
    places = (
        *("/", "/incidents/", "/insights/", "/incidents/calendar/", f"/incidents/{public.public_id}/"),
        *(
            "/services/cloudworks/online-banking/",
            "/services/harbour-bank/online-banking/",
            "/techniques/attack/T1498/",
        ),
    )
    client, counted = Client(), 0
    drawn: dict[str, list[tuple[tuple[str, str], tuple[str, str]]]] = {}
    for place in places:
        english, german = (drawings(client.get(f"{prefix}{place}").content.decode()) for prefix in ("", "/de"))
        counted += len(english)
        drawn |= {place: [pair for pair in zip(english, german, strict=True) if pair[0] != pair[1]]}

    assert counted > 100
    assert {place: wrong for place, wrong in drawn.items() if wrong} == {}


def drawings(text: str) -> list[tuple[str, str]]:
    """Every attribute of a drawing that says where something is, or how large."""
    return [found for drawing in DRAWING.findall(text) for found in GEOMETRY.findall(drawing)]

"""The signs for templates: a word always, and never markup from outside."""

import datetime as dt
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from incidents.templatetags.fixed import MOST_KEPT, FixedNode
from tests.incidents.representations.html.reading import Page


def show(template: str, **context: object) -> str:
    return Template("{% load signs %}" + template).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("value", "word", "filled"),
    [("informational", "Informational", 1), ("medium", "Medium", 3), ("critical", "Critical", 5)],
)
def test_severity_is_a_word_and_as_many_filled_bars(value, word, filled):
    page = Page(show("{% severity_bars value %}", value=value))

    assert page.texts("span") == [word]
    assert (len(page.attributes("rect", "x")), len(page.attributes("rect", "class"))) == (5, filled)


def test_drawings_have_the_same_numbers_in_every_language():
    with override("de"):
        assert Page(show("{% severity_bars 'low' %}")).attributes("rect", "x") == ["0.5", "5.5", "10.5", "15.5", "20.5"]


@pytest.mark.parametrize(
    ("value", "css", "word"), [("clear", "tlp-clear", "TLP:CLEAR"), ("amber+strict", "tlp-amber", "TLP:AMBER+STRICT")]
)
def test_a_tlp_label_is_spelled_as_first_spells_it(value, css, word):
    assert show("{% tlp_tag value %}", value=value) == f'<span class="tlp {css}">{word}</span>'


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2025-01", "2025-02-03", ["January 2025", "3 February 2025"]),
        ("2025", "2025", ["2025"]),
        ("", "", []),
    ],
)
def test_a_span_of_dates_is_no_more_exact_than_known(start, end, said):
    assert Page(show("{% known_span start end %}", start=start, end=end)).texts("time") == said


def test_an_open_span_says_on_which_side():
    assert show("{% known_span '2025' '' %}") == 'since <time datetime="2025">2025</time>'
    assert show("{% known_span '' '2025' %}") == 'until <time datetime="2025">2025</time>'


def test_a_moment_is_told_in_utc():
    at = dt.datetime(2025, 1, 7, 9, 5, tzinfo=dt.UTC)

    assert show("{% moment at %}", at=at) == '<time datetime="2025-01-07T09:05:00Z">7 January 2025, 09:05 UTC</time>'


def test_citations_lead_to_the_sources():
    assert Page(show("{% cites numbers %}", numbers=(1, 12))).attributes("a", "href") == ["#source-1", "#source-12"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https:", ""),
        ("http://[", ""),
    ],
)
def test_only_addresses_of_the_web_become_links(url, kept):
    assert show("{{ url|web_address }}", url=url) == kept


def test_text_of_a_document_says_its_language_and_finds_its_direction():
    assert show("{% told %}", language="fa") == 'lang="fa" dir="auto"'
    assert show("{% told %}") == 'dir="auto"'
    assert show("{% told %}", language='"><script>') == 'lang="&quot;&gt;&lt;script&gt;" dir="auto"'


def test_a_fixed_part_is_rendered_once_for_each_value_it_names_in_each_language(settings: Any) -> None:
    said = "{% get_current_language as code %}{{ code }} {{ name }} {{ other }}"
    part = Template(f"{{% load fixed i18n %}}{{% fixed name %}}{said}{{% endfixed %}}")

    def rendered(name: str, other: int) -> str:
        return part.render(Context({"name": name, "other": other}))

    assert [rendered("<a>", 1), rendered("<a>", 2), rendered("b", 3)] == ["en &lt;a&gt; 1", "en &lt;a&gt; 1", "en b 3"]
    with override("de"):
        assert rendered("b", 4) == "de b 4"
    settings.SITE_NAME = "Elsewhere"
    assert rendered("b", 5) == "en b 5"


def test_no_more_of_a_fixed_part_is_kept_than_fits() -> None:
    part = Template("{% load fixed %}{% fixed name %}{{ name }}{% endfixed %}")

    for number in range(MOST_KEPT + 3):
        part.render(Context({"name": number}))

    (node,) = part.nodelist.get_nodes_by_type(FixedNode)
    assert isinstance(node, FixedNode)
    assert len(node.kept) == 3

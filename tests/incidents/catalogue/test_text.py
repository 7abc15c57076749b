"""MITRE's prose becomes Markdown that stands on its own."""

import pytest

from incidents.catalogue.importing.text import to_markdown

CITATIONS = {
    "Report 2024": "https://example.org/report",
    "Policies (SRP)": "https://example.org/policies",
    "A book": "",
    "Odd [name]": "https://example.org/a b(c)",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seen.(Citation: Report 2024)", "Seen. ([Report 2024](https://example.org/report))"),
        (
            "Seen.(Citation: Report 2024)(Citation: A book) Then",
            "Seen. ([Report 2024](https://example.org/report)) (A book) Then",
        ),
        ("Use it (Citation: Policies (SRP)).", "Use it ([Policies (SRP)](https://example.org/policies))."),
        ("(Citation: Nobody knows) so", "(Nobody knows) so"),
        ("(Citation: Odd [name])", r"([Odd \[name\]](https://example.org/a%20b%28c%29))"),
        ("An end is missing (Citation: Report 2024", "An end is missing ([Report 2024](https://example.org/report))"),
    ],
)
def test_citations_become_links(text: str, expected: str) -> None:
    assert to_markdown(text, base_url="https://site.test", citations=CITATIONS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Run <code>net user</code>.", "Run `net user`."),
        ("<code>a`b</code>", "`` a`b ``"),
        ("<code>/proc/<PID>/maps</code>", "`/proc/<PID>/maps`"),
        ("<code>[at](https://example.org/at)</code>", "[`at`](https://example.org/at)"),
        ("never closed <code>here and <code>there</code>", "never closed here and `there`"),
        ("<b>bold</b> and<br>next", "**bold** and  \nnext"),
    ],
)
def test_html_becomes_markdown(text: str, expected: str) -> None:
    assert to_markdown(text, base_url="https://site.test", citations={}) == expected


def test_relative_links_become_absolute() -> None:
    text = "See [A](/techniques/AML.T0005), [B](https://example.org/b) and [C](//example.org/c)."

    written = to_markdown(text, base_url="https://atlas.mitre.org", citations={})

    assert written == (
        "See [A](https://atlas.mitre.org/techniques/AML.T0005), [B](https://example.org/b) and [C](//example.org/c)."
    )


def test_characters_no_database_stores_are_left_out() -> None:
    assert to_markdown("a\x00b\ud800c\r\nd", base_url="", citations={}) == "abc\nd"

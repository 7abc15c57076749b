"""INV-TEXT: text from anyone is data."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.prose.markdown import render_markdown
from incidents.prose.plain import first_sentences, plain_text
from incidents.record.fields import LONGEST_NARRATIVE

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "![x](https://tracker.example/pixel.gif)",
    "![x](javascript:alert(1))",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    "<svg/onload=alert(1)>",
    "<iframe src=https://example.org></iframe>",
    "<style>*{display:none}</style>",
    "`<script>`",
    "```html\n<script>alert(1)</script>\n```",
    "[a]: javascript:alert(1)\n\n[a]",
    "<!-- --><a href='javascript:x'>x</a>",
    '[^1"><script>]',
    "| a |\n|---|\n| <script> |",
]
DANGER = re.compile(
    r"<(script|img|svg|iframe|style|object|embed|form|input|meta|link|base)\b|<[^>]*\son\w+=|href=\"(?!https?:|#|/)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_shown_as_text(text):
    assert not DANGER.search(render_markdown(text))


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "**", "`", "\n", "[^1]", "(", ")", "<", ">", "\\", "&#106;avascript:", "\x00"]),
        max_size=6,
    )
)
def test_no_mixture_of_hostile_pieces_gets_through(pieces):
    assert not DANGER.search(render_markdown("".join(pieces)))


def test_a_citation_leads_to_its_source():
    assert render_markdown("So it is said [^3].") == (
        '<p>So it is said <sup class="cite"><a href="#source-3" title="Source 3" rel="noopener noreferrer">3</a></sup>.</p>\n'
    )


@pytest.mark.parametrize("text", ["[^0]", "[^]", "[^a]", "[^12345678901]", "`[^1]`"])
def test_what_is_no_citation_stays_as_it_is(text):
    assert "cite" not in render_markdown(text)


def test_headings_begin_below_those_of_the_page():
    assert render_markdown("# One\n\n#### Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_plain_text_has_no_markup_and_no_citations():
    assert (
        plain_text("## A **bold** [link](https://example.org)[^2]\n\n- one\n- two `code`")
        == "A bold link\none\ntwo code"
    )


def test_a_beginning_is_cut_at_a_word():
    assert first_sentences("The ledgers were unreadable for a day.", limit=24) == "The ledgers were…"
    assert first_sentences("Short.", limit=24) == "Short."


def table(columns: int, rows: int) -> str:
    return "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + "|b\n" * rows


@pytest.mark.parametrize(("columns", "rows", "is_table"), [(9, 2000, True), (3, 6000, True), (400, 2000, False)])
def test_a_table_that_would_grow_beyond_measure_stays_text(columns, rows, is_table):
    assert ("<table>" in render_markdown(table(columns, rows))) is is_table
    assert (plain_text(table(columns, rows)).count("-") == 0) is is_table


# What makes Markdown parsers slow, each repeated up to the longest text that the record takes.
SLOW = ["[", "![", "[a][", "[a](", "[^", "*", "*a_ ", "**a *b ", "***a** ", "a_ b_ _c ", "~~a ", "> ", "- ", "1. ", "`a``b", "<",
        "a\n", "a|b\n-|-\n", "- a\n  1. b\n     - c\n", "- a\n\n", "&", "# a\n", "|"]  # fmt: skip


@pytest.mark.parametrize("piece", SLOW)
def test_no_text_that_the_record_takes_holds_up_a_release(piece):
    text = (piece * LONGEST_NARRATIVE)[:LONGEST_NARRATIVE]
    before = time.thread_time()

    render_markdown(text)

    assert time.thread_time() - before < 3

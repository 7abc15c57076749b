"""The case studies' prose as Markdown of ours."""

import pytest

from incidents.intake.atlas.prose import absolute, mend_prose
from incidents.prose.markdown import render_markdown

PAGE = "https://atlas.mitre.org/studies/AML.CS0001"


def mend(text: str, **cites: int) -> str:
    """The mended text; `cites` by the last part of an address under https://x.example."""
    known = {f"https://x.example/{name}": number for name, number in cites.items()}
    return mend_prose(text, page=PAGE, cites=known).text


def test_a_footnote_becomes_a_citation_of_our_source():
    text = 'Shown in 2021[<sup>\\[1\\]</sup>][1].\n\n[1]: https://x.example/paper/ "A paper"'

    assert mend(text, paper=3) == "Shown in 2021[^3]."


def test_a_footnote_to_a_source_we_do_not_list_stays_a_link():
    text = "Shown[<sup>\\[1\\]</sup>][1].\n\n[1]: https://x.example/other"

    assert mend(text) == "Shown[\\[1\\]](https://x.example/other)."


def test_a_numbered_link_becomes_a_citation():
    assert mend("Text. <sup>[[7]](https://x.example/doc)</sup>", doc=2) == "Text. [^2]"


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("/techniques/AML.T0043", "https://atlas.mitre.org/techniques/AML.T0043"),
        ("../techniques/AML.T0043", "https://atlas.mitre.org/techniques/AML.T0043"),
        ("AML.CS0002", "https://atlas.mitre.org/studies/AML.CS0002"),
        ("#step", f"{PAGE}#step"),
        ("//evil.example/x", "https://evil.example/x"),
        ("http://a.example/b(c)", "http://a.example/b%28c%29"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://[bad", ""),
        ("", ""),
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(target, address):
    assert absolute(target, PAGE) == address


def test_words_of_a_link_that_leads_nowhere_are_kept_and_the_link_is_reported():
    mended = mend_prose("See [the page](javascript:alert(1)) now.", page=PAGE, cites={})

    assert (mended.text, mended.lost_links) == ("See the page now.", ("javascript:alert(1)",))


def test_a_boxed_payload_becomes_inert_code():
    box = 'Sent:\n<div style="color: red">\n<span>Click [here](https://evil.example) &lt;b&gt; &#42;now&#42;</span>\n</div>'

    mended = mend(box)

    assert mended == "Sent:\n\n```text\nClick [here](https://evil.example) <b> *now*\n```"
    assert "href" not in render_markdown(mended)


def test_a_box_with_backticks_is_fenced_by_more_of_them():
    assert mend("<div>a ``` b</div>") == "````text\na ``` b\n````"


def test_code_is_left_as_it_is():
    text = "Run `q <PROMPT> [x](y)` and\n\n```\n<span>[1]: z</span>\n```"

    assert mend(text) == text


def test_a_citation_that_is_none_is_not_taken_for_one():
    assert mend('Say "[^1]" twice') == 'Say "[\\^1]" twice'
    assert 'class="cite"' not in render_markdown(mend("[^1]"))


def test_nul_and_lone_surrogates_are_dropped():
    assert mend("a\x00b\ud800c") == "abc"


@pytest.mark.parametrize(
    "hostile", ["`" * 20_000, "[" * 20_000, "<div>" * 4_000, "[a](" * 8_000, "\\" * 20_001, "![" * 9_000]
)
def test_hostile_prose_takes_no_time(hostile):
    mend(hostile)

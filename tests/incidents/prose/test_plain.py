"""Plain text of Markdown: the quick way for prose without markup says what parsing would say."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.prose import plain
from incidents.prose.plain import plain_text

MARKUP = list("ab1.)-+=:|#>~*_`[]<>&;! \n\n\\\t\u00a0\u2028é\x0b{}\"'@/xhtp")


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(alphabet=st.sampled_from(MARKUP), max_size=40), st.text(max_size=30)))
def test_the_quick_way_says_what_parsing_says(text):
    quick = plain_text(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_MARKUP", re.compile(""))
        assert quick == plain_text(text)


def test_paragraphs_become_lines_and_breaks_become_spaces():
    assert plain_text("One  line\nand on.\n\n\n  Another. ") == "One  line and on.\nAnother."


def test_markup_and_citations_are_left_out():
    assert plain_text("# Head\n\nA **bold** [link](https://x.example) [^1].\n\n- `code`") == "Head\nA bold link .\ncode"

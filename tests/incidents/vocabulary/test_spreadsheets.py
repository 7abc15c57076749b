import pytest

from incidents.vocabulary.spreadsheets import inert_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1+1", '=HYPERLINK("http://x.example")'],
)
def test_text_that_begins_like_a_formula_is_made_inert(text: str) -> None:
    assert inert_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "Harbour Bank", "a=b", "2025-01", -3, 0])
def test_everything_else_stays_as_it_is(value: str | int) -> None:
    assert inert_cell(value) == value

import pytest
from django.utils.translation import override

from incidents.vocabulary.numbers import number


@pytest.mark.parametrize(
    ("language", "said"), [("en", "12,000"), ("de", "12.000"), ("zh-hans", "12000"), ("fr", "12\N{NO-BREAK SPACE}000")]
)
def test_numbers_are_grouped_as_the_language_does_it(language: str, said: str) -> None:
    with override(language):
        assert number(12_000) == said


def test_a_small_number_stays_as_it_is() -> None:
    assert number(0) == "0"

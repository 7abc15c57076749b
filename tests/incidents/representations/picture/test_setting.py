import pytest

from incidents.representations.picture.faces import SERIF, Face, face_for
from incidents.representations.picture.setting import ELLIPSIS, SIZES, cut, set_text

BOX = {"width": 972, "height": 268}
CHINESE = "深度求索（DeepSeek）因“大规模恶意攻击”限制新用户注册，现有用户可以正常登录。" * 3


def face_of(text: str) -> Face:
    """The typeface of a text that has one."""
    face = face_for(text)
    assert face is not None
    return face


def test_a_short_title_stands_on_one_line_in_the_largest_size() -> None:
    setting = set_text("MOVEit", SERIF, **BOX)

    assert (setting.lines, setting.size) == (("MOVEit",), SIZES[0])


def test_a_longer_title_is_set_smaller_whole_and_inside_the_box() -> None:
    title = "Cyber attack takes Change Healthcare offline; American pharmacies and doctors affected for weeks"

    setting = set_text(title, SERIF, **BOX)

    assert " ".join(setting.lines) == title
    assert SIZES[-1] <= setting.size < SIZES[0]
    assert len(setting.lines) * setting.leading <= BOX["height"]
    assert max(SERIF.at(setting.size).getlength(line) for line in setting.lines) <= BOX["width"] + 2


def test_lines_are_of_even_length() -> None:
    first, second = set_text("Angreifer verschlüsseln Server der Stadtwerke", SERIF, width=972, height=190).lines

    assert abs(len(first) - len(second)) <= 6


def test_a_title_that_fits_in_no_size_ends_in_an_ellipsis_after_a_word() -> None:
    title = "pharmacies and doctors " * 30

    setting = set_text(title.strip(), SERIF, **BOX)

    assert setting.size == SIZES[-1]
    assert setting.lines[-1].endswith(ELLIPSIS)
    assert title.startswith(" ".join(setting.lines).removesuffix(ELLIPSIS))
    assert setting.lines[-1].removesuffix(ELLIPSIS).split()[-1] in {"pharmacies", "and", "doctors"}
    assert SERIF.at(setting.size).getlength(setting.lines[-1]) <= BOX["width"]


@pytest.mark.parametrize("word", ["W" * 200, "https://n.example/" + "a" * 180])
def test_a_word_longer_than_a_line_is_broken_in_the_smallest_size(word: str) -> None:
    setting = set_text(word, SERIF, **BOX)

    assert setting.size == SIZES[-1]
    assert word.startswith("".join(setting.lines).removesuffix(ELLIPSIS))
    assert max(SERIF.at(setting.size).getlength(line) for line in setting.lines) <= BOX["width"] + 2


def test_no_word_is_broken_to_make_the_type_larger() -> None:
    setting = set_text("Datenschutzgrundverordnung in Wien", SERIF, **BOX)

    assert "Datenschutzgrundverordnung" in setting.lines[0]


def test_chinese_breaks_between_characters_but_not_before_a_comma_or_after_a_bracket() -> None:
    setting = set_text(CHINESE, face_of(CHINESE), **BOX)

    assert CHINESE.startswith("".join(setting.lines).removesuffix(ELLIPSIS))
    assert [line for line in setting.lines if line[0] in "，。）”" or line[-1] in "（“"] == []
    assert "DeepSeek" in "".join(setting.lines)


def test_a_line_is_cut_to_its_width() -> None:
    kept = cut("advisories.a-very-long-name-of-a-ministry.example.org", SERIF, 30, 400)

    assert kept.endswith(ELLIPSIS)
    assert SERIF.at(30).getlength(kept) <= 400
    assert cut("tocsin.example", SERIF, 30, 400) == "tocsin.example"

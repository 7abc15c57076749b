import pytest
from PIL import features

from incidents.representations.picture import faces
from incidents.representations.picture.faces import SANS, SERIF, Face, clean, face_for, is_right_to_left

ALL = (*faces._FACES, SANS)
NEEDS_FRIBIDI = pytest.mark.skipif(not features.check("raqm"), reason="FriBiDi is not installed (libfribidi0)")


def drawn(face: Face, code: int) -> bytes:
    """What a typeface draws for a character on its own."""
    return bytes(face.at(40).getmask(chr(code)))


@pytest.mark.parametrize("face", ALL, ids=lambda face: face.file)
def test_a_typeface_has_the_characters_that_its_coverage_names_and_no_box_for_them(face: Face) -> None:
    box = drawn(face, 0xFFFF)
    covered = sorted(code for code in faces._COVERAGE[face.file] if chr(code).isalnum())

    assert len(covered) > 200
    assert [hex(code) for code in covered[::37] if drawn(face, code) == box] == []


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("Zażółć gęślą jaźń – “naïve” façade…", SERIF.file),
        ("Злоумышленники в сети больниц", SERIF.file),
        ("Διαρροή δεδομένων", SERIF.file),
        ("深度求索（DeepSeek）限制注册", "NotoSansSC-SemiBold.woff2"),
        pytest.param("डीपसीक DeepSeek ने पंजीकरण सीमित किए", "NotoSerifDevanagari-SemiBold.ttf", marks=NEEDS_FRIBIDI),
        pytest.param("هجمات على خدمات DeepSeek", "NotoNaskhArabic-SemiBold.ttf", marks=NEEDS_FRIBIDI),
    ],
)
def test_a_text_is_set_in_the_first_typeface_that_has_all_of_it(text: str, file: str) -> None:
    face = face_for(text)

    assert face is not None
    assert face.file == file


@pytest.mark.parametrize("text", ["การโจมตีทางไซเบอร์", "דליפת מידע", "डेटा 泄露", "Leak 🔥", "データ流出"])
def test_a_text_that_no_single_typeface_has_is_not_set(text: str) -> None:
    assert face_for(text) is None


def test_a_script_whose_letters_join_is_not_set_where_they_cannot_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: False)

    assert [face_for(text) for text in ("डेटा", "بيانات")] == [None, None]
    assert face_for("Data") is SERIF
    assert SERIF.at(40).getlength("Data") > 0


def test_a_text_is_cleaned_of_what_cannot_be_seen() -> None:
    assert clean("  Cafe\u0301\n\u202eleak\u2066\u00ad \t twice ") == "Café leak twice"


@pytest.mark.parametrize(("text", "expected"), [("“هجمات” on", True), ("DeepSeek هجمات", False), ("42 …", False)])
def test_the_first_letter_says_in_which_direction_a_text_runs(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected

import itertools
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image, ImageChops

from incidents.publication.document import AdvisoryDocument
from incidents.representations.picture.build import FORMAT, build_picture
from incidents.representations.picture.draw import COLOURS
from incidents.vocabulary.words import IncidentState, ReleaseKind, Severity, Significance
from tests.factories.documents import make_document, make_note

BASE = "https://tocsin.example"
LARGEST = 60_000  # bytes
TITLES = {
    "one word": "MOVEit",
    "ten times too much": "Pharmacies and doctors cannot be paid " * 40,
    "no spaces": "W" * 200,
    "chinese": "深度求索（DeepSeek）因“大规模恶意攻击”限制新用户注册",
    "hindi": "डीपसीक ने नए पंजीकरण सीमित किए",
    "arabic": "هجمات خبيثة واسعة النطاق على خدمات DeepSeek",
    "not to be drawn": "การโจมตีทางไซเบอร์",
}
SIGNS = (150, 130, 1130, 200)  # where severity and state stand: left, top, right, bottom


def look_at(document: AdvisoryDocument) -> Image.Image:
    """The picture as a browser sees it."""
    return Image.open(BytesIO(build_picture(document, BASE))).convert("RGB")


def differ(first: Image.Image, second: Image.Image) -> bool:
    """Whether two pictures differ, colour apart."""
    return (
        ImageChops.difference(first.convert("L").point(_two_tones), second.convert("L").point(_two_tones)).getbbox()
        is not None
    )


def _two_tones(value: int) -> int:
    return 255 if value > 200 else 0


@pytest.mark.parametrize("title", TITLES)
def test_a_picture_has_the_size_that_previews_want_and_weighs_little(title: str) -> None:
    built = build_picture(make_document(title=TITLES[title]), BASE)

    image = Image.open(BytesIO(built))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(built) <= LARGEST


def test_it_uses_the_colours_of_the_pages() -> None:
    tokens = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([a-z0-9-]+): (?:light-dark\()?(#[0-9a-f]{6})", tokens))

    assert {name: light[name] for name in COLOURS} == COLOURS
    assert look_at(make_document()).getpixel((3, 3)) == (0xFB, 0xFA, 0xF6)


def test_severities_are_told_apart_without_colour() -> None:
    pictures = [look_at(make_document(severity=severity)).crop((150, 130, 230, 190)) for severity in Severity]

    assert [differ(one, two) for one, two in itertools.pairwise(pictures)] == [True] * 4


def test_state_exercise_and_withdrawal_are_shown() -> None:
    withdrawal = make_note(2, kind=ReleaseKind.WITHDRAWAL)
    documents = [
        make_document(),
        make_document(state=IncidentState.RESOLVED),
        make_document(is_exercise=True),
        make_document(release=withdrawal),
    ]

    signs = [look_at(document).crop(SIGNS) for document in documents]

    assert len({sign.tobytes() for sign in signs}) == 4


def test_a_withdrawn_title_is_struck() -> None:
    title = (150, 225, 1130, 500)

    withdrawn = look_at(make_document(release=make_note(2, kind=ReleaseKind.WITHDRAWAL))).crop(title)

    assert differ(withdrawn, look_at(make_document(release=make_note(2))).crop(title))


def test_a_title_that_cannot_be_drawn_gives_way_to_the_id() -> None:
    thai, hebrew, unseen = (look_at(make_document(title=title)) for title in ("การโจมตี", "דליפת מידע", "\u202e\u2066"))

    assert thai.tobytes() == hebrew.tobytes() == unseen.tobytes()
    assert thai.tobytes() != look_at(make_document(title="INC-2025-0002")).tobytes()


def test_each_earlier_release_is_a_tick_full_or_hollow_beneath_that_of_this_one() -> None:
    line = (60, 210, 110, 630)
    first, wording = make_note(1), make_note(2, significance=Significance.EDITORIAL)
    histories = [(first,), (first, wording), (first, make_note(2)), (first, wording, make_note(3))]

    lines = [look_at(make_document(release=history[-1], history=history)).crop(line) for history in histories]

    assert len({one.tobytes() for one in lines}) == 4


def test_the_release_the_date_and_the_site_are_drawn() -> None:
    foot = (150, 530, 1200, 630)
    document = make_document()
    other = make_document(release=make_note(2), history=(make_note(1), make_note(2)))

    assert differ(look_at(document).crop(foot), look_at(other).crop(foot))
    elsewhere = Image.open(BytesIO(build_picture(document, "https://other.example"))).convert("RGB")
    assert differ(look_at(document).crop(foot), elsewhere.crop(foot))


def test_its_words_stand_in_the_file() -> None:
    document = make_document(title="Зарплаты", release=make_note(2, reason="The figures were wrong."))

    told = Image.open(BytesIO(build_picture(document, BASE))).info["Description"]

    assert told == (
        "INC-2025-0001: Зарплаты\nMedium, Confirmed, TLP:CLEAR. Release 2, 2 January 2025. The figures were wrong."
    )


def test_it_is_the_same_whatever_language_is_active() -> None:
    document = make_document()

    with translation.override("de"):
        elsewhere = build_picture(document, BASE)

    assert elsewhere == build_picture(document, BASE)


def test_another_font_makes_stored_pictures_stale() -> None:
    named = {path.name for path in FORMAT.made_of}

    assert {"picture", "SourceSerif4-SemiBold.ttf", "NotoSansSC-SemiBold.woff2", "_version.py"} <= named

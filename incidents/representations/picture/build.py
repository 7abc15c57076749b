"""Building the picture: a pure function of a document. No request, no clock, no rows."""

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy
from PIL import Image, ImageColor, _version
from PIL.PngImagePlugin import PngInfo

from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.publication.registry import Format, Purpose
from incidents.representations.picture.draw import COLOURS, Hand, Paper
from incidents.representations.picture.faces import FONTS, SANS, SERIF, can_shape, clean, face_for
from incidents.representations.picture.setting import cut, set_text
from incidents.vocabulary.words import Significance

_LINE, _LEFT, _RIGHT = 84, 156, 1128
_TOP, _BASE_OF_SIGNS, _TITLE_TOP, _TITLE_BOTTOM, _RULE, _FOOT = 92, 186, 228, 496, 520, 578
_MOST_TICKS, _TICK_STEP = 9, 46
_SMALL = Hand(SANS, 30, "ink-quiet")
_SHADES = 48  # colours kept: few tones and their soft edges


def build_picture(document: AdvisoryDocument, base_url: str) -> bytes:
    """The picture of an advisory as PNG; the same document gives the same bytes on the same machine.

    A title in a script that no typeface here can set is left out, and the advisory's id stands in its place. The words
    of the picture stand in its `Description` too (PNG, section 11.3.4.5).
    """
    with translation.override("en"):
        paper = Paper()
        has_title = _draw_title(paper, document)
        _draw_head(paper, document, with_id=has_title)
        _draw_signs(paper, document)
        _draw_foot(paper, document, urlsplit(base_url).netloc)
        return _encode(paper, describe(document))


def describe(document: AdvisoryDocument) -> str:
    """What the picture says, in words, and why the release was made."""
    note = document.release
    signs = ", ".join([*_signs(document), document.tlp.label])
    return f"{document.id}: {document.title}\n{signs}. {_release(note)}. {note.reason}"


def _encode(paper: Paper, description: str) -> bytes:
    """The picture as PNG with a palette, of which the paper has exactly its own colour."""
    kept = paper.image.quantize(_SHADES, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette, ground = kept.getpalette() or [], kept.crop((0, 0, 1, 1)).tobytes()[0]
    palette[3 * ground : 3 * ground + 3] = ImageColor.getrgb(COLOURS["paper"])
    kept.putpalette(palette)
    notes = PngInfo()
    notes.add_itxt("Description", description)
    result = BytesIO()
    kept.save(result, "PNG", compress_level=6, pnginfo=notes)
    return result.getvalue()


def _draw_head(paper: Paper, document: AdvisoryDocument, *, with_id: bool) -> None:
    right = _RIGHT - 36
    if with_id:
        right -= round(paper.write(document.id, (_RIGHT, _TOP), _SMALL, "rs"))
    name = clean(settings.SITE_NAME)
    face = face_for(name)
    if face:
        paper.write(cut(name, face, 40, right - _LEFT), (_LEFT, _TOP), Hand(face, 40, "ink"))


def _draw_signs(paper: Paper, document: AdvisoryDocument) -> None:
    """The severity as bars and word, then the state; of a withdrawn advisory only that it was withdrawn."""
    x: float = _LEFT
    first, *others = _signs(document)
    if not document.is_withdrawn:
        x += paper.bars(_LEFT, _BASE_OF_SIGNS, document.severity.rank) + 18
    x += paper.write(first, (x, _BASE_OF_SIGNS), Hand(SANS, 40, "ink"))
    for other in others:
        x += paper.write(f"  ·  {other}", (x, _BASE_OF_SIGNS), Hand(SANS, 40, "ink-quiet"))


def _draw_title(paper: Paper, document: AdvisoryDocument) -> bool:
    """Draw the title and the bell line, whose tick for this release stands beside it; whether the title could be drawn."""
    title = clean(document.title)
    face = face_for(title) if title else None
    said = title if face else document.id
    setting = set_text(said, face or SERIF, width=_RIGHT - _LEFT, height=_TITLE_BOTTOM - _TITLE_TOP)
    colour = "ink-quiet" if document.is_withdrawn else "ink"
    hand = Hand(face or SERIF, setting.size, colour)
    lines = paper.write_lines(setting.lines, _TITLE_TOP, (_LEFT, _RIGHT), hand, setting.leading)
    if document.is_withdrawn:
        for left, right, base in lines:
            paper.rule(left, right, round(base - setting.size * 0.27), "ink-quiet", 3)
    _draw_bell_line(paper, document, round(lines[0][2] - setting.size * 0.3))
    return face is not None


def _draw_bell_line(paper: Paper, document: AdvisoryDocument, y: int) -> None:
    """This release beside the title, those before it beneath, as on the page."""
    earlier = [note for note in document.history if note.number < document.release.number]
    notes = [document.release, *earlier[::-1]][:_MOST_TICKS]
    ticks = [
        (y + place * _TICK_STEP, note.significance is Significance.MATERIAL, 10 if place else 17)
        for place, note in enumerate(notes)
    ]
    paper.bell_line(_LINE, ticks)


def _draw_foot(paper: Paper, document: AdvisoryDocument, host: str) -> None:
    paper.rule(_LEFT, _RIGHT, _RULE, "rule")
    colour = f"tlp-{document.tlp.value.partition('+')[0]}"
    x = paper.label(document.tlp.label, _LEFT, _FOOT, 26, colour) + 22
    x += round(paper.write(_release(document.release), (x, _FOOT), _SMALL)) + 48
    if SANS.has(host):
        paper.write(cut(host, SANS, 30, _RIGHT - x), (_RIGHT, _FOOT), _SMALL, "rs")


def _signs(document: AdvisoryDocument) -> list[str]:
    """The severity and the state in words, and whether it is an exercise; of a withdrawn advisory only that."""
    marks = ["Exercise"] if document.is_exercise else []
    if document.is_withdrawn:
        return ["Withdrawn", *marks]
    return [str(document.severity.label), *marks, str(document.state.label)]


def _release(note: ReleaseNote) -> str:
    return f"Release {note.number}, {note.released_at.day} {note.released_at:%B %Y}"


_HERE = Path(__file__).parent
_ROOMS = _HERE.parent.parent
_PILLOW = Path(_version.__file__)  # another version of the library may draw other bytes

FORMAT = Format(
    name="picture",
    suffix=".og.png",
    media_type="image/png",
    label=gettext_lazy("Picture for link previews"),
    build=build_picture,
    made_of=(_HERE, *sorted(FONTS.glob("*.ttf")), *sorted(FONTS.glob("*.woff2")), _ROOMS / "vocabulary", _PILLOW),
    made_with="shaping" if can_shape() else "",
    purpose=Purpose.SHARING,
    is_built_on_release=False,
    is_compressible=False,
)

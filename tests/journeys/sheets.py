"""What stands on each sheet of a PDF that Chromium made (ISO 32000-1): enough of the format for that, and no more."""

import re
import zlib

OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\nendstream", re.DOTALL)
PAGE = re.compile(rb"/Type /Page\b(?!s)")
CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
ONE = re.compile(r"^<([0-9A-F]+)> <([0-9A-F]+)>$", re.MULTILINE)
RANGE = re.compile(r"^<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>$", re.MULTILINE)
SHOWN = re.compile(r"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj")


def sheets(pdf: bytes) -> list[str]:
    """The text of each page, in the order in which it is drawn, without the spaces between words."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if PAGE.search(body)]
    return [_text(body, objects) for body in pages]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {name.decode(): _letters(objects[int(number)], objects) for name, number in FONT.findall(page)}
    contents = CONTENTS.search(page)
    assert contents, "A page without contents"
    said, letters = [], {}
    for font, codes in SHOWN.findall(_read(objects[int(contents[1])])):
        if font:
            letters = fonts[font]
        said += [letters.get(int(codes[place : place + 4], 16), "") for place in range(0, len(codes), 4)]
    return "".join(said).replace(" ", "").replace("\xa0", "")


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    """The letter for each code of a font."""
    found = UNICODE.search(font)
    if not found:
        return {}
    table = _read(objects[int(found[1])])
    letters = {int(code, 16): _decode(text) for code, text in ONE.findall(table)}
    for first, last, text in RANGE.findall(table):
        for step in range(int(last, 16) - int(first, 16) + 1):
            letters[int(first, 16) + step] = chr(int(text, 16) + step)
    return letters


def _decode(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be")


def _read(body: bytes) -> str:
    stream = STREAM.search(body)
    assert stream, "An object without a stream"
    data = stream[1]
    return (zlib.decompress(data) if b"/FlateDecode" in body[: stream.start()] else data).decode("latin-1")

"""The case studies' prose as our Markdown: citations lead to our sources, boxed payloads become inert code blocks, links work.

ATLAS writes Markdown with some HTML: footnotes as reference links in `<sup>`, prompts as coloured `<div>` and `<span>`.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from incidents.catalogue.importing.text import storable

_BOX = re.compile(r"<div\b[^>]{0,1000}>(.*?)</div>", re.DOTALL | re.IGNORECASE)
_STYLING = re.compile(r"</?(?:span|sup|sub|div|p|b|i|em|strong|u)\b[^>]{0,1000}>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(?<!`)(?:(?P<fence>`{3,}+).*?(?P=fence)|(?P<tick>`++)[^`]+(?P=tick))(?!`)", re.DOTALL)
_DEFINITION = re.compile(r"^ {0,3}\[([^\]\n]{1,60})\]:\s*(\S+)(?:[ \t]+[\"'(].*)?$", re.MULTILINE)
_REFERENCE = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\[([^\]\n]{1,60})\]")
_NUMBERED_LINK = re.compile(r"\[\[(\d{1,3})\]\]\(([^)\s]*)\)")
_LINK = re.compile(
    r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)"
)
_LITERAL_CITE = re.compile(r"\[\^(?=\d)")
_MANY_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Mended:
    """Prose as Markdown of ours, and the link targets that could not be kept."""

    text: str
    lost_links: tuple[str, ...]


def mend_prose(text: str, *, page: str, cites: Mapping[str, int]) -> Mended:
    """A text of a case study as Markdown that stands on its own.

    Args:
        text: as ATLAS writes it.
        page: the address of the case study; relative links are resolved against it.
        cites: number of each source by its address, without a slash at the end.
    """
    text = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    end_of_boxes = text.lower().rfind("</div>") + len("</div>")
    text = _BOX.sub(lambda box: _fence(box[1]), text[:end_of_boxes]) + text[end_of_boxes:]
    mender = _Mender(page, cites)
    pieces, end = [], 0
    definitions = {name.casefold(): target for name, target in _DEFINITION.findall(_CODE.sub("", text))}
    for code in _CODE.finditer(text):
        pieces += [mender.mend(text[end : code.start()], definitions), code[0]]
        end = code.end()
    pieces.append(mender.mend(text[end:], definitions))
    whole = _MANY_BLANKS.sub("\n\n", "".join(pieces)).strip()
    return Mended(whole, tuple(dict.fromkeys(mender.lost)))


def source_key(url: str) -> str:
    """What an address is compared by."""
    return url.strip().rstrip("/")


class _Mender:
    """Mends what is not code, and remembers links it could not keep."""

    def __init__(self, page: str, cites: Mapping[str, int]) -> None:
        self.page, self.cites = page, cites
        self.lost: list[str] = []

    def mend(self, text: str, definitions: Mapping[str, str]) -> str:
        text = _LITERAL_CITE.sub(r"[\\^", text)
        text = _STYLING.sub("", _BREAK.sub("\n\n", text))
        text = _DEFINITION.sub("", text)
        text = _NUMBERED_LINK.sub(lambda found: self._cite(found[1], found[2]), text)
        text = _REFERENCE.sub(
            lambda found: (
                self._cite(found[1], definitions[found[2].casefold()])
                if found[2].casefold() in definitions
                else found[0]
            ),
            text,
        )
        return _LINK.sub(lambda found: self._link(found[1], found[2]), text)

    def _cite(self, label: str, target: str) -> str:
        """A footnote as a citation of ours; a link with words stays a link, cited where we know the source."""
        number = self.cites.get(source_key(target))
        words = _ESCAPE.sub(r"\1", label).strip("[] ")
        if words.isdigit():
            return f"[^{number}]" if number else self._link(f"\\[{words}\\]", target)
        return self._link(label, target)

    def _link(self, label: str, target: str) -> str:
        address = absolute(target, self.page)
        if address:
            return f"[{label}]({address})"
        self.lost.append(target)
        return label


def absolute(target: str, page: str) -> str:
    """An http(s) address for a link target; empty if there is none."""
    try:
        address = urljoin(page, html.unescape(target.strip())) if target.strip() else ""
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        return ""
    return re.sub(r"[\s()<>\"\\^`{|}]", lambda found: f"%{ord(found[0]):02X}", address) if usable else ""


def _fence(box: str) -> str:
    """A boxed payload as a code block, fenced by more backticks than it holds (CommonMark 0.31, section 4.5)."""
    plain = _ESCAPE.sub(r"\1", html.unescape(_STYLING.sub("", _BREAK.sub("\n", box)))).strip()
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"\n\n{fence}text\n{plain}\n{fence}\n\n" if plain else "\n\n"

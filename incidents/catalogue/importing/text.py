"""MITRE's prose as Markdown that stands on its own: citations become links, relative links absolute, HTML code spans plain."""

import re
from collections.abc import Mapping

_CITATION = "(Citation:"
_CODE = re.compile(r"<code>((?:(?!<code>).)*?)</code>", re.DOTALL)
_LINK = re.compile(r"\[([^\]`]+)\]\((\S+)\)")
_BOLD = re.compile(r"<b>(.*?)</b>", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>")
_STRAY_TAG = re.compile(r"</?(?:code|b)>")
_RELATIVE_LINK = re.compile(r"(\]\(\s*)(?=/(?!/))")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MARKED = re.compile(r"([\\\[\]*_`<>])")
_URL_BREAKERS = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"}


def to_markdown(text: str, *, base_url: str, citations: Mapping[str, str]) -> str:
    """A description of MITRE's as Markdown.

    Args:
        text: the description, which mixes Markdown, a little HTML and `(Citation: name)` marks.
        base_url: the site that relative links belong to, without a slash at the end.
        citations: the address of each source by its name; empty where a source has none.
    """
    text = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    text = _BREAK.sub("  \n", _BOLD.sub(r"**\1**", _CODE.sub(_code_span, text)))
    text = _STRAY_TAG.sub("", text)
    text = _RELATIVE_LINK.sub(rf"\g<1>{base_url}", text)
    return _link_citations(text, citations).strip()


def storable(text: str) -> str:
    """The text without characters that no database stores: NUL and lone surrogates."""
    return _UNSTORABLE.sub("", text)


def _code_span(match: re.Match[str]) -> str:
    """A Markdown code span, fenced by more backticks than it holds (CommonMark 0.31, section 6.1)."""
    code = match[1].strip()
    if not code:
        return ""
    if link := _LINK.fullmatch(code):
        return f"[`{link[1]}`]({link[2]})"
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {code} {fence}" if longest else f"`{code}`"


def _link_citations(text: str, citations: Mapping[str, str]) -> str:
    """Each `(Citation: name)` as a link in parentheses; a name may itself contain parentheses."""
    pieces = text.split(_CITATION)
    written = pieces[0]
    for piece in pieces[1:]:
        name, rest = _split_name(piece, citations)
        space = "" if not written or written[-1].isspace() or written[-1] == "(" else " "
        written += f"{space}({_cite(name, citations.get(name, ''))}){rest}"
    return written


def _split_name(piece: str, citations: Mapping[str, str]) -> tuple[str, str]:
    piece = piece.lstrip()
    known = [name for name in citations if piece.startswith(name) and piece[len(name) :].lstrip().startswith(")")]
    if known:
        name = max(known, key=len)
        return name, piece[len(name) :].lstrip().removeprefix(")")
    name, _, rest = piece.partition(")")
    return name.strip(), rest


def _cite(name: str, url: str) -> str:
    label = _MARKED.sub(r"\\\1", name)
    if not url:
        return label
    return f"[{label}]({''.join(_URL_BREAKERS.get(letter, letter) for letter in url)})"

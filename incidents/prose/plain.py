"""Markdown to plain text, for summaries, search and cards."""

import re

from markdown_it import MarkdownIt

from incidents.prose.tables import bound_tables

_CITATION = re.compile(r"\[\^\d{1,4}\]")
_parser = bound_tables(MarkdownIt("commonmark", {"html": False}).enable("table"))
_BREAKS = {"softbreak", "hardbreak"}
_MARKUP = re.compile(r"[\\`*_\[<\t\r\0]")
_ENTITY = re.compile(r"&[#A-Za-z]")
_MARKUP_OF_LINES = re.compile(r"\n(?: *(?:[-+=:|#>~]|\d{1,9}[.)])| {4})")
_PARAGRAPHS = re.compile(r"\n(?: *\n)+")


def plain_text(markdown: str) -> str:
    """The words of a Markdown text: no markup, no citations, one line for each block."""
    markdown = _CITATION.sub("", markdown)
    if not _may_have_markup(markdown):
        return _plain_paragraphs(markdown)
    lines = []
    for block in _parser.parse(markdown):
        if block.type in {"fence", "code_block"}:
            lines.append(block.content.strip())
        elif block.type == "inline":
            pieces = (" " if part.type in _BREAKS else part.content for part in block.children or ())
            lines.append("".join(pieces).strip())
    return "\n".join(line for line in lines if line)


def _may_have_markup(text: str) -> bool:
    """Whether there is anything that could be markup anywhere, at the end of a line or at its start. A text without it is
    paragraphs and nothing else. Each look is one that the engine of expressions is fast at.
    """
    lines = f"\n{text}\n"
    return bool(_MARKUP.search(text) or _ENTITY.search(text) or "  \n" in lines or _MARKUP_OF_LINES.search(lines))


def _plain_paragraphs(text: str) -> str:
    """What parsing would give for a text without markup, at a fraction of the cost."""
    blocks = (" ".join(line.strip(" ") for line in block.split("\n")) for block in _PARAGRAPHS.split(text))
    return "\n".join(block for block in map(str.strip, blocks) if block)


def first_sentences(markdown: str, *, limit: int) -> str:
    """The beginning of a text in at most `limit` characters, cut at a word and marked with an ellipsis where it was cut."""
    text = " ".join(plain_text(markdown).split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "…"

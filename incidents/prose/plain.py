"""Markdown to plain text, for summaries, search and cards."""

import re

from markdown_it import MarkdownIt

_CITATION = re.compile(r"\[\^\d{1,4}\]")
_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_BREAKS = {"softbreak", "hardbreak"}


def plain_text(markdown: str) -> str:
    """The words of a Markdown text: no markup, no citations, one line for each block."""
    lines = []
    for block in _parser.parse(_CITATION.sub("", markdown)):
        if block.type in {"fence", "code_block"}:
            lines.append(block.content.strip())
        elif block.type == "inline":
            pieces = (" " if part.type in _BREAKS else part.content for part in block.children or ())
            lines.append("".join(pieces).strip())
    return "\n".join(line for line in lines if line)


def first_sentences(markdown: str, *, limit: int) -> str:
    """The beginning of a text in at most `limit` characters, cut at a word and marked with an ellipsis where it was cut."""
    text = " ".join(plain_text(markdown).split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "…"

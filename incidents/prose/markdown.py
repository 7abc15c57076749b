"""Markdown to HTML that is safe to show (INV-TEXT): raw HTML is off in the parser, and what it makes is sanitised again."""

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from incidents.prose.kept import Kept
from incidents.prose.tables import bound_tables

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "sup": {"class"}}
_HIGHEST_HEADING = 3


def render_markdown(text: str) -> SafeString:
    """HTML of a Markdown text, safe to put into a page.

    Headings begin at the third level, links lead to http(s) addresses or places on the page, pictures and raw HTML are
    left out, and `[^3]` becomes a link to source 3, called so in the active language.
    """
    return _kept.get(f"{gettext('Source %(number)s')}\n{text}")


def _render(worded: str) -> SafeString:
    """HTML of the second line and what follows; the first line says what a source is called."""
    source, _, text = worded.partition("\n")
    html = nh3.clean(
        _parser.render(text, {"source": source}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308  sanitised in the line above


def _cite(state: StateInline, silent: bool) -> bool:
    """Markdown-it rule: `[^12]` cites source 12."""
    start = state.pos
    if not state.src.startswith("[^", start):
        return False
    end = state.src.find("]", start, start + 7)
    number = state.src[start + 2 : end]
    if end < 0 or not (number.isascii() and number.isdigit()) or number.startswith("0"):
        return False
    if not silent:
        state.push("citation", "", 0).content = number
    state.pos = end + 1
    return True


def _render_citation(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    number = tokens[index].content
    name = escape(env["source"] % {"number": number})
    return f'<sup class="cite"><a href="#source-{number}" title="{name}">{number}</a></sup>'


def _render_heading(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    level = max(_HIGHEST_HEADING, int(token.tag[1]))
    return f"</h{level}>\n" if token.nesting < 0 else f"<h{level}>"


def _make_parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image", "html_inline"])
    )
    bound_tables(parser)
    parser.inline.ruler.before("link", "citation", _cite)
    parser.add_render_rule("citation", _render_citation)
    parser.add_render_rule("heading_open", _render_heading)
    parser.add_render_rule("heading_close", _render_heading)
    return parser


_parser = _make_parser()
_kept = Kept(_render, most_bytes=1_000_000)

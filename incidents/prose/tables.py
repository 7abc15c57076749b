"""Tables of a reasonable size. A Markdown table fills up short rows, so a few thousand characters could become 65,536 cells."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table

MOST_CELLS = 20_000


def bound_tables(parser: MarkdownIt) -> MarkdownIt:
    """The parser, with a rule for tables that leaves one as text if it might have more than `MOST_CELLS` cells."""
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    return parser


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if start + 1 < end:
        under_the_head = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]]
        if (under_the_head.strip(" |").count("|") + 1) * (end - start) > MOST_CELLS:
            return False
    return table(state, start, end, silent)

"""Parts of pages that are the same on thousands of them, such as the masthead: rendered once for a language."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 100
"""Renderings of one part; where there are more, it begins anew."""


class FixedNode(Node):
    """A part that depends on the language, the site, and the values that it names."""

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """What was rendered before for the same values."""
        site = (settings.SITE_NAME, settings.SITE_URL, context.get("base_url"))
        key = (get_language(), *site, *(str(value.resolve(context)) for value in self.values))
        found = self.kept.get(key)
        if found is None:
            found = self.nodelist.render(context)
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[key] = found
        return found


@register.tag
def fixed(parser: Parser, token: Token) -> FixedNode:
    """`{% fixed section query %}…{% endfixed %}` keeps what stands between them for each language and each value of `section`
    and `query`; nothing else that differs from page to page may be asked for there.
    """
    values = [parser.compile_filter(name) for name in token.split_contents()[1:]]
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist, values)

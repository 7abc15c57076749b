"""Answering with a page. Public pages are rendered without the request, so that nothing of a visitor can get into them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from incidents.prose.data import embed_json
from incidents.representations.html.jsonld import page_graph


def page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page from a template.

    The base template reads from the context: `page_title`, `page_description`, `canonical_path`, `robots` (for search
    engines), `section` (which entry of the main menu is current), `query` (the words in the search field), `has_search`
    (the page brings a search field of its own) and `feed_query` (the filters of its feeds). A page with a canonical path
    describes itself as JSON-LD, for which it may give a `main_entity` and a `trail`.
    """
    structured = embed_json(page_graph(context, settings.SITE_URL)) if context.get("canonical_path") else ""
    return HttpResponse(render_to_string(template, {**context, "structured": structured}), status=status)

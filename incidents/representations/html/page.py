"""Answering with a page. Of a request, a public page reads the address alone, so that nothing of a visitor can get into it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from incidents.prose.data import embed_json
from incidents.representations.html.jsonld import page_graph
from incidents.representations.html.languages import languages_of


def page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page from a template, with links to the same page in other languages.

    The base template reads from the context: `page_title`, `page_description`, `canonical_path`, `robots` (for search
    engines), `section` (which entry of the main menu is current), `query` (the words in the search field), `has_search`
    (the page brings a search field of its own) and `feed_query` (the filters of its feeds). A page with a canonical path
    describes itself as JSON-LD, for which it may give a `main_entity` and a `trail`.
    """
    structured = embed_json(page_graph(context, settings.SITE_URL)) if context.get("canonical_path") else ""
    spoken = languages_of(context, request.get_full_path())
    return HttpResponse(render_to_string(template, {**context, **spoken, "structured": structured}), status=status)

"""What a page says to search engines (JSON-LD 1.1, the vocabulary of schema.org): pure functions of documents and rows.

Only what the page itself shows, and no claim turned into a fact: techniques are named as far as they were observed, and
nobody as responsible.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from incidents.prose.plain import first_sentences
from incidents.publication.document import AdvisoryDocument, SourceRef, TechniqueRef
from incidents.publication.registry import Format
from incidents.representations.html.passing import picture_of
from incidents.representations.html.telling import Telling
from incidents.vocabulary.languages import LANGUAGES
from incidents.vocabulary.words import Certainty, Framework, ReleaseKind

Node = dict[str, Any]

_SECTIONS = {
    "incidents": (_("Incidents"), "advisories:list"),
    "organizations": (_("Organisations"), "organizations:list"),
    "services": (_("Services"), "services:list"),
    "techniques": (_("Techniques"), "techniques:list"),
    "mitigations": (_("Mitigations"), "mitigations:list"),
    "actors": (_("Actors"), "actors:list"),
    "tags": (_("Tags"), "tags:list"),
}
_LONGEST_HEADLINE = 110
_LONGEST_DESCRIPTION = 500


def section_step(section: str) -> list[tuple[str, str]]:
    """The step of a trail that is a section of the site: its name and path; none for what is no section."""
    if section not in _SECTIONS:
        return []
    name, view = _SECTIONS[section]
    return [(str(name), reverse(view))]


def graph(*nodes: Node) -> Node:
    """Nodes that may name each other, as one document."""
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def publisher(base_url: str) -> Node:
    """Who publishes this site."""
    logo = {"@type": "ImageObject", "url": base_url + static("icons/touch.png")}
    return {
        "@type": "Organization",
        "@id": f"{base_url}/#publisher",
        "name": settings.SITE_NAME,
        "url": f"{base_url}/",
        "logo": logo,
    }


def website(base_url: str) -> Node:
    """This site, and how to search it."""
    search = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{base_url}{reverse('advisories:list')}?q={{search_term_string}}",
        },
        "query": "{search_term_string}",
    }
    return {
        "@type": "WebSite",
        "@id": f"{base_url}/#website",
        "name": settings.SITE_NAME,
        "url": f"{base_url}/",
        "inLanguage": [language.code for language in LANGUAGES],
        "publisher": {"@id": f"{base_url}/#publisher"},
        "potentialAction": search,
    }


def breadcrumbs(base_url: str, trail: Iterable[tuple[str, str]]) -> Node:
    """The way from the front page to a page, itself included: names and paths. Its id is that of the last path."""
    steps = [(settings.SITE_NAME, reverse("front")), *trail]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": base_url + path}
        for place, (name, path) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "@id": f"{base_url}{steps[-1][1]}#breadcrumb", "itemListElement": items}


def page_graph(context: Mapping[str, Any], base_url: str) -> Node:
    """A page as its template's context describes it; `main_entity` is the node of what it is about.

    The context may hold a `trail`: names and paths between the section and the page.
    """
    path, title, section = context["canonical_path"], context.get("page_title", ""), context.get("section", "")
    if path == reverse("front"):
        return graph(website(base_url), publisher(base_url))
    entity: Node | None = context.get("main_entity")
    trail = [*section_step(section), *context.get("trail", [])]
    if not trail or trail[-1][1] != path:
        trail.append((title, path))
    is_collection = bool(entity) or path in {place for _, place in section_step(section)}
    page = {
        "@type": "AboutPage" if section == "about" else "CollectionPage" if is_collection else "WebPage",
        "@id": base_url + path,
        "url": base_url + path,
        "name": title,
        "description": context.get("page_description", ""),
        "inLanguage": get_language(),
        "isPartOf": {"@id": f"{base_url}/#website"},
        "publisher": {"@id": f"{base_url}/#publisher"},
        "breadcrumb": {"@id": f"{base_url}{path}#breadcrumb"},
        "mainEntity": {"@id": entity["@id"]} if entity else None,
    }
    nodes = [told(page), *([entity] if entity else []), breadcrumbs(base_url, trail), publisher(base_url)]
    return graph(*nodes)


def advisory_graph(
    document: AdvisoryDocument,
    base_url: str,
    *,
    is_permanent: bool,
    formats: Iterable[Format] = (),
    telling: Telling | None = None,
) -> Node:
    """The page of an advisory, or with `is_permanent` that of one of its releases for ever; `telling` says in which language
    it is and in which others there are pages of it."""
    number = document.release.number
    release_path = f"/incidents/{document.id}/releases/{number}"
    trail = [*section_step("incidents"), (document.id, reverse("advisories:detail", args=[document.id]))]
    if is_permanent:
        name = gettext("Release %(number)s") % {"number": number}
        trail.append((name, reverse("advisories:release", args=[document.id, number])))
    article = tech_article(document, base_url, path=trail[-1][1])
    if telling:
        article |= _in_languages(telling, base_url)
    suffixes = ((release_path + form.suffix, form.media_type) for form in formats)
    article["encoding"] = [
        {"@type": "MediaObject", "contentUrl": base_url + path, "encodingFormat": media_type.partition(";")[0]}
        for path, media_type in suffixes
    ]
    return graph(told(article), breadcrumbs(base_url, trail), publisher(base_url))


def _in_languages(telling: Telling, base_url: str) -> Node:
    others = [
        {"@type": "TechArticle", "@id": base_url + one.path, "url": base_url + one.path, "inLanguage": one.language}
        for one in telling.elsewhere
    ]
    if telling.translated is None:
        return {"workTranslation": others}
    written_in = telling.document.language
    original: Node = {"@type": "TechArticle", "identifier": telling.document.id, "inLanguage": written_in}
    found = next((one for one in others if one["inLanguage"] == written_in), original)
    return {"inLanguage": telling.translated.language, "translationOfWork": found}


def tech_article(document: AdvisoryDocument, base_url: str, *, path: str) -> Node:
    """An advisory as an article at a path; of a withdrawn one, only that it was withdrawn and why."""
    note = document.release
    stands = not document.is_withdrawn
    said = document.summary if stands else note.reason
    title = document.title if stands else f"Withdrawn: {document.title}"
    return told(
        {
            "@type": "TechArticle",
            "@id": base_url + path,
            "url": base_url + path,
            "mainEntityOfPage": base_url + path,
            "identifier": document.id,
            "headline": first_sentences(title, limit=_LONGEST_HEADLINE),
            "name": title,
            "description": first_sentences(said, limit=_LONGEST_DESCRIPTION),
            "inLanguage": document.language,
            "version": str(note.number),
            "datePublished": f"{document.first_release.released_at:%Y-%m-%dT%H:%M:%SZ}",
            "dateModified": f"{note.released_at:%Y-%m-%dT%H:%M:%SZ}",
            "creativeWorkStatus": "Published" if stands else "Withdrawn",
            "correction": note.reason if note.kind is ReleaseKind.CORRECTION else "",
            "isAccessibleForFree": True,
            "image": picture_of(document, base_url).url,
            "author": {"@id": f"{base_url}/#publisher"},
            "publisher": {"@id": f"{base_url}/#publisher"},
            "isPartOf": {"@id": f"{base_url}/#website"},
            "keywords": [tag.name for tag in document.tags] if stands else [],
            "about": _subjects(document, base_url) if stands else [],
            "citation": [_citation(source) for source in document.sources] if stands else [],
        }
    )


def _subjects(document: AdvisoryDocument, base_url: str) -> list[Node]:
    """Organizations, services and observed techniques, each once."""
    organizations = {one.organization.slug: one.organization for one in document.organizations}
    services = {effect.service.key: effect.service for effect in document.affected_services}
    techniques = {
        step.technique.key: step.technique for step in document.attacks if step.certainty is Certainty.OBSERVED
    }
    return [
        *(organization(one.name, f"{base_url}/organizations/{quote(slug)}/") for slug, one in organizations.items()),
        *(service(one.name, one.organization, f"{base_url}/services/{quote(key)}/") for key, one in services.items()),
        *(technique(one, base_url) for one in techniques.values()),
    ]


def organization(name: str, page: str, **said: Any) -> Node:
    """An organization with a page here; `said` is what else is known."""
    return told({"@type": "Organization", "@id": f"{page}#organization", "name": name, **said})


def service(name: str, offered_by: str, page: str, **said: Any) -> Node:
    """A service with a page here, and the name of whose it is."""
    provider = {"@type": "Organization", "name": offered_by}
    return told({"@type": "Service", "@id": f"{page}#service", "name": name, "provider": provider, **said})


def technique(ref: TechniqueRef, base_url: str) -> Node:
    """A technique that a document names."""
    path = f"/techniques/{ref.framework.value}/{quote(ref.external_id)}/"
    return term(ref.name, base_url + path, code=ref.external_id, words=str(Framework(ref.framework).label))


def term(name: str, url: str, *, code: str = "", words: str = "", **said: Any) -> Node:
    """A word of a vocabulary with a page here, such as a technique of ATT&CK or a tag."""
    vocabulary = {"@type": "DefinedTermSet", "name": words} if words else None
    return told(
        {
            "@type": "DefinedTerm",
            "@id": f"{url}#term",
            "name": name,
            "termCode": code,
            "url": url,
            "inDefinedTermSet": vocabulary,
            **said,
        }
    )


def _citation(source: SourceRef) -> Node:
    return told(
        {
            "@type": "CreativeWork",
            "name": source.title,
            "url": source.url if source.url.startswith(("https://", "http://")) else "",
            "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else None,
            "datePublished": source.published_on,
            "inLanguage": source.language,
        }
    )


def told(node: Node) -> Node:
    """A node without what nothing is known of."""
    return {name: value for name, value in node.items() if value not in ("", None, [], ())}

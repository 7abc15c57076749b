"""Pages of techniques and mitigations, which are reference data, and the indexes above them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from incidents.catalogue.models import MitigationCoverage, Tactic
from incidents.prose.plain import plain_text
from incidents.publication.audience import PUBLIC
from incidents.publication.facets import count_all_values, count_certainties, count_values
from incidents.publication.models import Facet
from incidents.publication.occurrence import count_course
from incidents.representations.html.asking import Question
from incidents.representations.html.entries import mitigations, techniques
from incidents.representations.html.indexes import Entry, entries_with_counts
from incidents.representations.html.jsonld_catalogue import framework_node
from incidents.representations.html.organizations import Listed, entry_context
from incidents.representations.html.page import page
from incidents.representations.html.trend import Trend, draw_trend
from incidents.templatetags.rows import anchor
from incidents.vocabulary.words import Certainty, EntryStatus, Framework

ACTIVE = Q(status=EntryStatus.ACTIVE)


@dataclass(frozen=True, slots=True)
class Part:
    """A technique of a matrix: how many advisories name it, how many parts it has and how often these are named."""

    row: Any
    count: int
    parts: int = 0
    parts_count: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic and its techniques, or those of a framework that have no tactic."""

    title: str
    anchor: str
    summary: str = ""
    entries: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Countered:
    """A technique that a mitigation counters, with how, and how many advisories name it."""

    cover: MitigationCoverage
    count: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """One framework: its columns."""

    framework: Framework
    columns: list[Column]


@require_safe
def technique_list(request: HttpRequest) -> HttpResponse:
    """Techniques by framework and tactic; sub-techniques are counted beside their parent."""
    counts = count_all_values(Facet.TECHNIQUE, PUBLIC)
    context = {
        "page_title": gettext("Techniques"),
        "page_description": gettext(
            "How attackers work: techniques of MITRE ATT&CK and ATLAS, with the incidents they were used in."
        ),
        "section": "techniques",
        "canonical_path": request.path,
        "matrices": matrices(counts),
    }
    return page(request, "catalogue/techniques.html", context)


def matrices(counts: dict[str, int]) -> list[Matrix]:
    """All active techniques that are not part of another, in the order of their matrices. A fixed number of queries."""
    parts = defaultdict(list)
    for row in techniques().filter(ACTIVE, parent__isnull=False):
        parts[row.parent_id].append(counts.get(row.term, 0))

    def part(row: Any) -> Part:
        return Part(row, counts.get(row.term, 0), len(parts[row.pk]), sum(parts[row.pk]))

    whole = techniques().filter(ACTIVE, parent=None).order_by("name", "external_id")
    columns: dict[str, list[Column]] = {framework: [] for framework in Framework.values}
    for tactic in Tactic.objects.filter(ACTIVE).prefetch_related(Prefetch("techniques", whole, to_attr="listed")):
        if tactic.listed:
            said = plain_text(tactic.summary).partition("\n")[0]
            entries = [part(row) for row in tactic.listed]
            columns[tactic.framework].append(Column(tactic.name, anchor(tactic.external_id), said, entries))
    for framework, rest in columns.items():
        if entries := [part(row) for row in whole.filter(tactics=None, framework=framework)]:
            rest.append(Column(gettext("Without a tactic"), f"{framework}-other", entries=entries))
    return [Matrix(Framework(name), found) for name, found in columns.items() if found]


@require_safe
def technique_detail(request: HttpRequest, framework: str, external_id: str) -> HttpResponse:
    """A technique: what it is, where it stands in its framework, what counters it, and the incidents it was used in."""
    rows = techniques().select_related("parent", "superseded_by").prefetch_related("tactics")
    technique = find_entry(rows, framework, external_id)
    if (technique.framework, technique.external_id) != (framework, external_id):
        return HttpResponsePermanentRedirect(technique.get_absolute_url())
    question = Question(request.path, request.GET, fixed={"technique": technique.key})
    counts = count_certainties(technique.key, PUBLIC)
    children = list(techniques().filter(ACTIVE, parent=technique).order_by("external_id"))
    coverage = MitigationCoverage.objects.filter(technique=technique, mitigation__status=EntryStatus.ACTIVE)
    context = entry_context(str(technique), "techniques", question, Facet.TECHNIQUE, technique.key) | {
        "technique": technique,
        "main_entity": framework_node(technique),
        "children": entries_with_counts(children, Facet.TECHNIQUE),
        "coverage": coverage.select_related("mitigation").order_by("mitigation__external_id"),
        "trend": trend_of(Facet.TECHNIQUE, technique.key, is_split=True),
        "certainties": [
            (certainty.value, str(certainty.label), counts.get(certainty.value, 0)) for certainty in Certainty
        ],
        "listed": [Listed(row) for row in question.page.rows],
        "more": f"?technique={technique.key}",
    }
    return page(request, "catalogue/technique.html", context, status=400 if question.problems else 200)


@require_safe
def mitigation_list(request: HttpRequest) -> HttpResponse:
    """Active mitigations by framework, with how many techniques they counter and how many advisories recommend them."""
    counts = count_all_values(Facet.MITIGATION, PUBLIC)
    active = mitigations().filter(ACTIVE).order_by("name", "external_id")
    rows = active.annotate(countered=Count("coverage", filter=Q(coverage__technique__status=EntryStatus.ACTIVE)))
    columns = {framework: Column(str(framework.label), framework.value) for framework in Framework}
    for row in rows:
        columns[Framework(row.framework)].entries.append(Entry(row, counts.get(row.term, 0)))
    context = {
        "page_title": gettext("Mitigations"),
        "page_description": gettext(
            "What stops or softens attacks: mitigations of ATT&CK and ATLAS, and where they are recommended."
        ),
        "section": "mitigations",
        "canonical_path": request.path,
        "columns": [column for column in columns.values() if column.entries],
    }
    return page(request, "catalogue/mitigations.html", context)


@require_safe
def mitigation_detail(request: HttpRequest, framework: str, external_id: str) -> HttpResponse:
    """A mitigation: what it is, which techniques it counters and how, and the advisories that recommend it."""
    mitigation = find_entry(mitigations().select_related("superseded_by"), framework, external_id)
    if (mitigation.framework, mitigation.external_id) != (framework, external_id):
        return HttpResponsePermanentRedirect(mitigation.get_absolute_url())
    question = Question(request.path, request.GET, fixed={"mitigation": mitigation.key})
    covered = MitigationCoverage.objects.filter(mitigation=mitigation, technique__status=EntryStatus.ACTIVE)
    coverage = covered.select_related("technique").order_by("technique__external_id")
    counts = count_all_values(Facet.TECHNIQUE, PUBLIC)
    context = entry_context(str(mitigation), "mitigations", question, Facet.MITIGATION, mitigation.key) | {
        "mitigation": mitigation,
        "main_entity": framework_node(mitigation),
        "coverage": [Countered(cover, counts.get(cover.technique.key, 0)) for cover in coverage],
        "recommended": count_values(Facet.MITIGATION, [mitigation.key], PUBLIC).get(mitigation.key, 0),
        "trend": trend_of(Facet.MITIGATION, mitigation.key, is_split=False),
        "listed": [Listed(row) for row in question.page.rows],
        "more": f"?mitigation={mitigation.key}",
    }
    return page(request, "catalogue/mitigation.html", context, status=400 if question.problems else 200)


def trend_of(facet: Facet, key: str, *, is_split: bool) -> Trend | None:
    """How often advisories name a technique or recommend a mitigation, by quarter up to today."""
    return draw_trend(count_course(facet, key, PUBLIC), timezone.now().date(), is_split=is_split)


def find_entry(rows: QuerySet[Any], framework: str, external_id: str) -> Any:
    """The entry with this id, in any case of letters.

    Raises:
        Http404: there is none.
    """
    found = rows.filter(framework=framework.lower(), external_id__iexact=external_id).first()
    if found is None:
        raise Http404(f"Neither ATT&CK nor ATLAS nor this portal knows {external_id}.")
    return found

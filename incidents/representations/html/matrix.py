"""The matrix of a framework: tactics as columns, techniques with the number of advisories, and the table that is the truth."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from incidents.catalogue.models import Tactic, Technique
from incidents.publication.audience import PUBLIC
from incidents.publication.facets import count_all_certainties, count_all_values
from incidents.publication.models import Facet
from incidents.representations.html.page import page
from incidents.templatetags.rows import anchor
from incidents.vocabulary.numbers import number
from incidents.vocabulary.words import Certainty, EntryStatus, Framework

STEPS = 4  # of how thick the mark of a technique can be


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique in a column. `step` says how thick its mark is: 0 for never, up to `STEPS` for those named most."""

    external_id: str
    name: str
    count: int
    step: int
    parts: tuple["Cell", ...] = ()

    @property
    def parts_named(self) -> int:
        """How many of its sub-techniques any advisory names."""
        return sum(1 for part in self.parts if part.count)


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic with its techniques."""

    title: str
    anchor: str
    external_id: str
    cells: tuple[Cell, ...]

    @property
    def named(self) -> int:
        """How many of its techniques any advisory names, themselves or by a sub-technique."""
        return sum(1 for cell in self.cells if cell.count or cell.parts_named)


@dataclass(frozen=True, slots=True)
class Row:
    """A technique that advisories name, with its tactics and in how many advisories it is how sure."""

    external_id: str
    name: str
    tactics: tuple[str, ...]
    observed: int
    suspected: int
    context: int
    total: int


class Shelf:
    """The active techniques of a framework with their counts, read at once."""

    def __init__(self, framework: Framework) -> None:
        active = Q(status=EntryStatus.ACTIVE, framework=framework)
        self.prefix = f"{framework.value}/"
        self.tactics = list(Tactic.objects.filter(active))
        self.techniques = list(Technique.objects.filter(active).only("external_id", "name", "parent_id"))
        self.tactics_of: dict[int, set[int]] = defaultdict(set)
        pairs = Technique.tactics.through.objects.filter(technique__framework=framework)
        for technique, tactic in pairs.values_list("technique_id", "tactic_id"):
            self.tactics_of[technique].add(tactic)
        self.counts = count_all_values(Facet.TECHNIQUE, PUBLIC)
        named = (self.count(row) for row in self.techniques)
        self.peak = max([1, *named])

    def count(self, row: Any) -> int:
        """How many standing advisories name a technique."""
        return self.counts.get(self.prefix + row.external_id, 0)

    def columns(self) -> list[Column]:
        """Every tactic that has techniques, in the order of the framework; then those that have no tactic."""
        parts = defaultdict(list)
        for row in sorted(self.techniques, key=lambda row: str(row.external_id)):
            if row.parent_id:
                parts[row.parent_id].append(row)
        whole = sorted((row for row in self.techniques if not row.parent_id), key=lambda row: str(row.name))
        columns = [self._column(tactic, whole, parts) for tactic in self.tactics]
        without = tuple(self._cell(row, parts[row.pk]) for row in whole if not self.tactics_of[row.pk])
        columns.append(Column(gettext("Without a tactic"), "other", "", without))
        return [column for column in columns if column.cells]

    def rows(self) -> list[Row]:
        """Every technique that advisories name, those that most name first."""
        certainties = count_all_certainties(PUBLIC)
        rows = [
            self._row(row, certainties.get(self.prefix + row.external_id, {}))
            for row in self.techniques
            if self.count(row)
        ]
        return sorted(rows, key=lambda row: (-row.total, row.external_id))

    def extent(self, *, named: int) -> str:
        """How many techniques there are, and how many of them advisories name, in a sentence."""
        parts = sum(1 for row in self.techniques if row.parent_id)
        known = len(self.techniques) - parts
        if not parts:
            message = ngettext(
                "%(count)s technique; advisories name %(named)s of them.",
                "%(count)s techniques; advisories name %(named)s of them.",
                known,
            )
            return message % {"count": number(known), "named": number(named)}
        techniques = ngettext("%(count)s technique", "%(count)s techniques", known) % {"count": number(known)}
        below = ngettext("%(count)s sub-technique", "%(count)s sub-techniques", parts) % {"count": number(parts)}
        message = gettext("%(techniques)s and %(parts)s; advisories name %(named)s of them.")
        return message % {"techniques": techniques, "parts": below, "named": number(named)}

    def _column(self, tactic: Tactic, whole: Iterable[Any], parts: dict[int, list[Any]]) -> Column:
        cells = tuple(
            self._cell(row, (part for part in parts[row.pk] if tactic.pk in self.tactics_of[part.pk]))
            for row in whole
            if tactic.pk in self.tactics_of[row.pk]
        )
        return Column(tactic.name, anchor(tactic.external_id), tactic.external_id, cells)

    def _cell(self, row: Any, parts: Iterable[Any] = ()) -> Cell:
        count = self.count(row)
        step = math.ceil(STEPS * math.log1p(count) / math.log1p(self.peak)) if count else 0
        return Cell(row.external_id, row.name, count, step, tuple(self._cell(part) for part in parts))

    def _row(self, row: Any, how: dict[str, int]) -> Row:
        tactics = tuple(tactic.name for tactic in self.tactics if tactic.pk in self.tactics_of[row.pk])
        observed, suspected, context = (how.get(certainty.value, 0) for certainty in Certainty)
        return Row(row.external_id, row.name, tactics, observed, suspected, context, self.count(row))


@require_safe
def technique_matrix(request: HttpRequest, framework: str) -> HttpResponse:
    """The matrix of one framework."""
    if framework not in Framework:
        raise Http404(f"There is no framework {framework}.")
    chosen = Framework(framework)
    shelf = Shelf(chosen)
    columns, rows = shelf.columns(), shelf.rows()
    if not columns:
        raise Http404(f"Nothing of {chosen.label} has been imported.")
    said = {"framework": chosen.label}
    context = {
        "page_title": gettext("%(framework)s: the matrix") % said,
        "page_description": gettext("The techniques of %(framework)s by tactic, with how many advisories name each.")
        % said,
        "section": "techniques",
        "canonical_path": request.path,
        "framework": chosen,
        "place": reverse("techniques:matrix", args=[framework]),
        "columns": columns,
        "rows": rows,
        "extent": shelf.extent(named=len(rows)),
    }
    return page(request, "matrix/matrix.html", context)

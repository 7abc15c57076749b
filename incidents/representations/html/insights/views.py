"""The page `/insights/`."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from incidents.insight.figures import DATE, Cell, Column, Insight, Row
from incidents.insight.report import read_report
from incidents.publication.audience import PUBLIC
from incidents.publication.filters import WITHDRAWN
from incidents.representations.html.asking import Question
from incidents.representations.html.choices import Choices, as_text, choices_of
from incidents.representations.html.insights.drawings import Drawing, draw
from incidents.representations.html.page import page
from incidents.vocabulary.numbers import number


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its name, with the address that lists what it counts if the filters of the list can say it, and its
    cells, each with the kind of its column.
    """

    name: Cell
    is_date: bool
    address: str
    cells: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """An insight on the page: its drawing, the first rows of its table, how many more there are, and its files."""

    insight: Insight
    drawing: Drawing | None
    lines: list[Line]
    more: int
    csv: str
    svg: str


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """All insights, with the filters of the list."""
    question = Question(request.path, request.GET)
    listed = Question(reverse("advisories:list"), request.GET)
    report = None if question.problems else read_report(question.filter, PUBLIC)
    context = {
        "page_title": gettext("Insights"),
        "page_description": gettext(
            "What the advisories published here show together: when, where, how, and what is not known."
        ),
        "section": "insights",
        "canonical_path": request.path if question.is_plain else "",
        "robots": "" if question.is_plain else "noindex, follow",
        "question": question,
        "list_address": listed.first,
        "choices": _choices(question),
        "technique": " ".join(question.typed("technique")),
        "beside_technique": question.beside("technique"),
        "report": report,
        "counted": as_text(report.total, is_capped=report.is_capped) if report else "",
        "shown": [_shown(insight, question, listed) for insight in report.insights] if report else [],
    }
    return page(request, "insights/insights.html", context, status=400 if question.problems else 200)


def _choices(question: Question) -> Choices:
    """The filters of the list, without the state that is never counted."""
    choices = choices_of(question)
    groups = [
        replace(
            group,
            sections=[
                (title, [option for option in options if option.value != WITHDRAWN])
                for title, options in group.sections
            ],
        )
        for group in choices.groups
    ]
    return replace(choices, groups=groups)


def _shown(insight: Insight, question: Question, listed: Question) -> Shown:
    files = {
        kind: Question(reverse(f"insight_files:{kind}", args=[insight.name]), question.given) for kind in ("csv", "svg")
    }
    return Shown(
        insight=insight,
        drawing=draw(insight),
        lines=[_line(row, insight.columns, listed) for row in insight.rows[: insight.shown]],
        more=len(insight.rows) - insight.shown,
        csv=files["csv"].first,
        svg=files["svg"].first,
    )


def _line(row: Row, columns: tuple[Column, ...], listed: Question) -> Line:
    cells = [
        {"value": number(cell) if isinstance(cell, int) else cell, "kind": column.kind}
        for cell, column in zip(row.cells[1:], columns[1:], strict=True)
    ]
    return Line(row.cells[0], columns[0].kind == DATE, _address(row, listed), cells)


def _address(row: Row, listed: Question) -> str:
    """The list narrowed to one row; where the reader has chosen values of that name, adding one would widen it."""
    if row.narrows is None or listed.typed(row.narrows[0]):
        return ""
    return listed.address(also=row.narrows)

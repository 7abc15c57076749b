"""Insights to take away: the table as CSV, the drawing as SVG, each saying when it was true and where it comes from. Files are
in English whoever asks, so that the same address always gives the same.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from io import StringIO
from textwrap import wrap

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from incidents.insight.figures import Bars, Insight
from incidents.insight.report import MOST_COUNTED, NAMES, Report, read_report
from incidents.publication.audience import PUBLIC
from incidents.representations.html.asking import Question
from incidents.representations.html.insights.drawings import MapDrawing, draw
from incidents.vocabulary.spreadsheets import inert_cell

WIDTH, MARGIN = 760, 24
_INERT = "default-src 'none'; sandbox"
_SIGNS_IN_FINDING, _SIGNS_IN_NOTE = 88, 108
_FINDING, _NOTE = 22, 17  # pixels from line to line


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text and where it stands, in pixels from the top."""

    y: int
    text: str


class BadQuestionError(Exception):
    """The parameters make no sense; the answer says which."""

    def __init__(self, question: Question) -> None:
        self.sentences = [text for texts in question.problems.values() for text in texts]


def in_english(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view that answers in English, whatever the language of the request."""

    @wraps(view)
    def answer(request: HttpRequest, insight: str) -> HttpResponse:
        with override("en"):
            return view(request, insight)

    return answer


@require_safe
@in_english
def insight_csv(request: HttpRequest, insight: str) -> HttpResponse:
    """The whole table of one insight (RFC 4180)."""
    try:
        question, report, found = _find(request, insight)
    except BadQuestionError as problem:
        return _refusal(problem)
    text = StringIO()
    writer = csv.writer(text)
    beside = {"As of": _day(report), "Counted": _counted(report), "Source": _source(question)}
    writer.writerow([*(column.name for column in (found.columns if found else ())), *beside])
    for row in found.rows if found else ():
        writer.writerow([inert_cell(cell) for cell in (*row.cells, *beside.values())])
    return _file(text.getvalue(), "text/csv; charset=utf-8", f"{insight}.csv")


@require_safe
@in_english
def insight_svg(request: HttpRequest, insight: str) -> HttpResponse:
    """The drawing of one insight in a file that needs nothing else."""
    try:
        question, report, found = _find(request, insight)
    except BadQuestionError as problem:
        return _refusal(problem)
    context = sheet(found, [f"{chip.label}: {chip.text}" for chip in question.chips]) | {
        "name": insight,
        "as_of": _day(report),
        "source": _source(question),
    }
    return _file(render_to_string("insights/file.svg", context), "image/svg+xml", f"{insight}.svg")


def sheet(found: Insight | None, chosen: list[str]) -> dict[str, object]:
    """Where everything stands: the title, what is found, the drawing, and its limits with the filters chosen."""
    drawing = draw(found) if found else None
    finding = found.finding if found else "Nothing is counted here."
    said = _placed(wrap(finding, _SIGNS_IN_FINDING), MARGIN + 54, _FINDING)
    top = said[-1].y + 20
    inner = WIDTH - 2 * MARGIN
    tall = _scaled(drawing, inner) if isinstance(drawing, MapDrawing) else drawing.height if drawing else 0
    notes = _notes(found, chosen)
    limits = _placed([line for note in notes for line in wrap(note, _SIGNS_IN_NOTE)], top + tall + 28, _NOTE)
    bottom = limits[-1].y if limits else top + tall
    return {
        "title": found.title if found else "Insights",
        "insight": found,
        "drawing": drawing,
        "finding": finding,
        "said": said,
        "limits": limits,
        "width": WIDTH,
        "margin": MARGIN,
        "inner": inner,
        "top": top,
        "tall": tall,
        "foot": bottom + 34,
        "height": bottom + 34 + MARGIN,
    }


def _notes(found: Insight | None, chosen: list[str]) -> list[str]:
    """What has to be read with the drawing: what its bars mean, what is left out, and which filters were chosen."""
    legend = [found.drawing.legend] if found and isinstance(found.drawing, Bars) and found.drawing.legend else []
    return [*legend, *(found.notes if found else ()), *([f"Only {'; '.join(chosen)}."] if chosen else [])]


def _find(request: HttpRequest, name: str) -> tuple[Question, Report, Insight | None]:
    """The question, the report that answers it, and the insight; none of it where nothing is counted.

    Raises:
        Http404: no insight has this name.
        BadQuestionError: the parameters make no sense.
    """
    if name not in NAMES:
        raise Http404(f"There is no insight “{name}”; there are {', '.join(NAMES)}.")
    question = Question(reverse("insights:index"), request.GET)
    if question.problems:
        raise BadQuestionError(question)
    report = read_report(question.filter, PUBLIC)
    return question, report, next((one for one in report.insights if one.name == name), None)


def _placed(texts: list[str], first: int, step: int) -> list[TextLine]:
    return [TextLine(first + step * place, text) for place, text in enumerate(texts)]


def _scaled(drawing: MapDrawing, width: int) -> int:
    return round(drawing.height * width / drawing.width)


def _day(report: Report) -> str:
    return f"{report.as_of:%Y-%m-%d}" if report.as_of else ""


def _counted(report: Report) -> str:
    """Of what the numbers are."""
    return f"the newest {MOST_COUNTED:,} of those found" if report.is_capped else "all found"


def _source(question: Question) -> str:
    return f"{settings.SITE_URL}{question.first}"


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    """A file to be saved, never shown or run in our name (INV-TEXT)."""
    response = HttpResponse(text, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="insight-{name}"'
    response.headers["Content-Security-Policy"] = _INERT
    return response


def _refusal(problem: BadQuestionError) -> HttpResponse:
    return HttpResponse("\n".join(problem.sentences), status=400, content_type="text/plain; charset=utf-8")

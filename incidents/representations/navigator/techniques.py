"""The cells of a layer: one for each technique, and one more for each tactic that an incident ties it to."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import slugify

from incidents.prose.plain import plain_text
from incidents.publication.document import AdvisoryDocument, AttackStep, SourceRef
from incidents.representations.navigator.domains import Numbered
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import Certainty

SCORES = {Certainty.OBSERVED: 3, Certainty.SUSPECTED: 2, Certainty.CONTEXT: 1}
COLORS = {Certainty.OBSERVED: "#0a5068", Certainty.SUSPECTED: "#7ab8cc", Certainty.CONTEXT: "#e3e9ea"}
_WEB = ("https://", "http://")


def cells(document: AdvisoryDocument, steps: Iterable[Numbered], base_url: str) -> list[dict[str, Any]]:
    """The technique objects of a layer, in the order of the attack.

    A step without a tactic counts in every column of its technique. A cell of one column comes after the one for all columns,
    which it replaces there, and so repeats what that one says.
    """
    sources = {source.number: source for source in document.sources}
    by_technique: dict[str, list[Numbered]] = {}
    for number, step in steps:
        by_technique.setdefault(step.technique.external_id, []).append((number, step))
    return [
        _cell(external_id, tactic, found, sources, base_url)
        for external_id, numbered in by_technique.items()
        for tactic, found in _columns(numbered)
    ]


def _columns(steps: list[Numbered]) -> Iterator[tuple[str, list[Numbered]]]:
    named = dict.fromkeys(tactic for _, step in steps if (tactic := tactic_of(step)))
    everywhere = [(number, step) for number, step in steps if not tactic_of(step)]
    if everywhere:
        yield "", everywhere
    for tactic in named:
        yield tactic, [(number, step) for number, step in steps if tactic_of(step) in ("", tactic)]


def tactic_of(step: AttackStep) -> str:
    """The short name of the tactic a step served, where its technique stands in that column; else nothing, since a
    Navigator shows no annotation of a cell that its matrix does not have.
    """
    columns = {slugify(name) for name in step.technique.tactics}
    wanted = slugify(step.tactic)
    return wanted if wanted in columns else ""


def _cell(
    external_id: str, tactic: str, steps: list[Numbered], sources: dict[int, SourceRef], base_url: str
) -> dict[str, Any]:
    strongest = max((step.certainty for _, step in steps), key=SCORES.__getitem__)
    cell: dict[str, Any] = {"techniqueID": external_id}
    if tactic:
        cell["tactic"] = tactic
    return cell | {
        "score": SCORES[strongest],
        "color": COLORS[strongest],
        "comment": "\n\n".join(_comment(number, step) for number, step in steps),
        "enabled": True,
        "metadata": _metadata(steps),
        "links": _links(steps, sources, base_url),
    }


def _comment(number: int, step: AttackStep) -> str:
    cited = f"Sources: {', '.join(map(str, step.cites))}." if step.cites else ""
    place = "" if step.certainty is Certainty.CONTEXT else f"Step {number}: "
    return " ".join(filter(None, [f"{place}{step.certainty.label}.", plain_text(step.description), cited]))


def _metadata(steps: list[Numbered]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, step in steps:
        said = {
            "Step": "" if step.certainty is Certainty.CONTEXT else str(number),
            "Certainty": str(step.certainty.label),
            "When": _when(step),
            "Tactic": "" if tactic_of(step) else step.tactic,
        }
        rows += [{"divider": True}] if rows else []
        rows += [{"name": name, "value": value} for name, value in said.items() if value]
    return rows


def _when(step: AttackStep) -> str:
    dates = dict.fromkeys(filter(None, [step.occurred_from, step.occurred_to]))
    return " to ".join(PartialDate(date).for_people() for date in dates)


def _links(steps: list[Numbered], sources: dict[int, SourceRef], base_url: str) -> list[dict[str, Any]]:
    technique = steps[0][1].technique
    here = f"{base_url}/techniques/{technique.framework.value}/{technique.external_id}/"
    cited = dict.fromkeys(number for _, step in steps for number in step.cites)
    known = (sources[number] for number in cited if number in sources)
    return [
        {"label": f"{technique.external_id} {technique.name}", "url": here},
        *(_source_link(source) for source in known if source.url.startswith(_WEB)),
    ]


def _source_link(source: SourceRef) -> dict[str, Any]:
    return {"label": f"Source {source.number}: {source.title}", "url": source.url}

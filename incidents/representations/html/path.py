"""The path of the attack: its steps in order, what is only usual kept apart, and the small matrix of tactics and techniques."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext

from incidents.publication.document import AdvisoryDocument, AttackStep, MitigationRef, TechniqueRef
from incidents.publication.registry import Format, formats
from incidents.representations.html.arrange import advice_anchor
from incidents.vocabulary.words import Certainty

TACTICS = (
    *("Reconnaissance", "Resource Development", "Initial Access", "AI Model Access", "ML Model Access", "Execution"),
    *("Persistence", "Privilege Escalation", "Stealth", "Defense Evasion", "Evasion", "Defense Impairment"),
    *("Credential Access", "Discovery", "Lateral Movement", "Collection", "AI Attack Staging", "ML Attack Staging"),
    *("Command and Control", "Inhibit Response Function", "Impair Process Control", "Exfiltration", "Impact"),
)
"""The columns of ATT&CK's and ATLAS' matrices as one row, in the order of the matrices."""

LAYERS = ("navigator", "atlas_navigator")
_CERTAINTIES = list(Certainty)


@dataclass(frozen=True, slots=True)
class Counter:
    """A recommended mitigation, with the place on the page where it is spelled out."""

    mitigation: MitigationRef
    anchor: str


@dataclass(frozen=True, slots=True)
class Step:
    """One technique with the tactics it served here, by name, and what is recommended against it."""

    number: int
    step: AttackStep
    tactics: tuple[str, ...]
    counters: tuple[Counter, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"step-{self.number}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique in a column, at its strongest certainty there, with the step that says so."""

    technique: TechniqueRef
    certainty: Certainty
    anchor: str


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic with its techniques."""

    tactic: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AttackPath:
    """The steps that are shown or suspected, those that are only usual, and all of them as a matrix."""

    steps: tuple[Step, ...]
    usual: tuple[Step, ...]
    columns: tuple[Column, ...]
    layers: tuple[Format, ...]

    @property
    def is_shown(self) -> bool:
        """Whether a source shows that any technique was used."""
        return any(one.step.certainty is Certainty.OBSERVED for one in self.steps)


def attack_path(document: AdvisoryDocument) -> AttackPath | None:
    """The path of the attack; None where no technique is named."""
    if not document.attacks:
        return None
    steps = _numbered(document)
    return AttackPath(
        steps=tuple(one for one in steps if one.step.certainty is not Certainty.CONTEXT),
        usual=tuple(one for one in steps if one.step.certainty is Certainty.CONTEXT),
        columns=_columns(steps),
        layers=tuple(form for form in formats() if form.name in LAYERS and form.suits(document)),
    )


def _numbered(document: AdvisoryDocument) -> list[Step]:
    """All steps; those that belong to the attack are numbered first, in the order of the document."""
    ordered = sorted(document.attacks, key=lambda step: step.certainty is Certainty.CONTEXT)
    return [
        Step(number, step, tactics_of(step), _counters(document, step)) for number, step in enumerate(ordered, start=1)
    ]


def _counters(document: AdvisoryDocument, step: AttackStep) -> tuple[Counter, ...]:
    met = {
        advice.mitigation.key: Counter(advice.mitigation, advice_anchor(place))
        for place, advice in reversed(list(enumerate(document.recommendations)))
        if advice.mitigation and step.technique.key in advice.counters
    }
    return tuple(met.values())[::-1]


def tactics_of(step: AttackStep) -> tuple[str, ...]:
    """The tactic the technique served here, by its full name where the technique knows it; else all its tactics."""
    if not step.tactic:
        return step.technique.tactics
    full = next((name for name in step.technique.tactics if slugify(name) == slugify(step.tactic)), "")
    return (full or step.tactic.replace("-", " ").capitalize(),)


def _columns(steps: Iterable[Step]) -> tuple[Column, ...]:
    found: dict[str, dict[str, Cell]] = {}
    for one in sorted(steps, key=lambda one: _CERTAINTIES.index(one.step.certainty)):
        cell = Cell(one.step.technique, one.step.certainty, one.anchor)
        for tactic in one.tactics or (gettext("No tactic named"),):
            found.setdefault(tactic, {}).setdefault(cell.technique.key, cell)
    return tuple(Column(tactic, tuple(found[tactic].values())) for tactic in sorted(found, key=_place))


def _place(tactic: str) -> int:
    return TACTICS.index(tactic) if tactic in TACTICS else len(TACTICS)

"""The path of the attack and the matrix of tactics and techniques."""

from typing import Any

import pytest

from incidents.publication.document import Advice, AttackStep, MitigationRef, TechniqueRef
from incidents.representations.html.path import AttackPath, attack_path, tactics_of
from incidents.vocabulary.words import Certainty, Framework, Priority, ReaderGroup
from tests.factories.documents import make_document

BACKUP = MitigationRef(framework=Framework.ATTACK, external_id="M1053", name="Data Backup")


def technique(external_id: str, *tactics: str) -> TechniqueRef:
    return TechniqueRef(framework=Framework.ATTACK, external_id=external_id, name=external_id, tactics=tactics)


FLOOD = technique("T1498", "Impact", "Initial Access")
PHISHING = technique("T1566", "Initial Access")


def step(of: TechniqueRef, certainty: Certainty = Certainty.OBSERVED, tactic: str = "") -> AttackStep:
    return AttackStep(technique=of, certainty=certainty, tactic=tactic)


def path_of(*steps: AttackStep, **fields: Any) -> AttackPath:
    found = attack_path(make_document(attacks=steps, **fields))
    assert found is not None
    return found


def test_steps_keep_their_order_and_what_is_only_usual_stands_apart():
    path = path_of(step(PHISHING, Certainty.CONTEXT), step(FLOOD, Certainty.SUSPECTED), step(PHISHING))

    assert [(one.number, one.step.certainty) for one in path.steps] == [
        (1, Certainty.SUSPECTED),
        (2, Certainty.OBSERVED),
    ]
    assert [(one.anchor, one.step.certainty) for one in path.usual] == [("step-3", Certainty.CONTEXT)]


def test_a_path_without_an_observed_step_is_not_shown():
    assert path_of(step(FLOOD, Certainty.SUSPECTED)).is_shown is False
    assert path_of(step(FLOOD)).is_shown is True
    assert attack_path(make_document()) is None


def test_the_matrix_has_the_order_of_the_frameworks_and_the_strongest_certainty():
    path = path_of(
        step(FLOOD, Certainty.CONTEXT), step(FLOOD), step(PHISHING), step(technique("L-1", "Zeal"), tactic="zeal")
    )

    assert [
        (column.tactic, [(cell.technique.external_id, cell.certainty) for cell in column.cells])
        for column in path.columns
    ] == [
        ("Initial Access", [("T1498", Certainty.OBSERVED), ("T1566", Certainty.OBSERVED)]),
        ("Impact", [("T1498", Certainty.OBSERVED)]),
        ("Zeal", [("L-1", Certainty.OBSERVED)]),
    ]


def test_a_technique_without_tactic_has_a_column_too():
    assert [column.tactic for column in path_of(step(technique("L-1"))).columns] == ["No tactic named"]


@pytest.mark.parametrize(
    ("tactic", "names"),
    [
        ("", ("Impact", "Initial Access")),
        ("initial-access", ("Initial Access",)),
        ("exfil-by-mail", ("Exfil by mail",)),
    ],
)
def test_the_tactic_that_a_technique_served_is_named_in_full(tactic, names):
    assert tactics_of(step(FLOOD, tactic=tactic)) == names


def test_a_step_names_what_is_recommended_against_it():
    advice = tuple(
        Advice(
            audience=ReaderGroup.USERS,
            priority=Priority.NOW,
            title=title,
            mitigation=mitigation,
            counters=("attack/T1498",),
        )
        for title, mitigation in (("Sit tight", None), ("Back up", BACKUP), ("Back up again", BACKUP))
    )

    first, second = path_of(step(FLOOD), step(PHISHING), recommendations=advice).steps

    assert [(one.mitigation, one.anchor) for one in first.counters] == [(BACKUP, "advice-2")]
    assert second.counters == ()


def test_layers_are_offered_where_there_is_something_in_them():
    assert [form.suffix for form in path_of(step(FLOOD)).layers] == [".navigator.json"]
    assert path_of(step(technique("L-1"))).layers == ()

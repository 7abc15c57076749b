"""Layers for the ATT&CK Navigator and the ATLAS Navigator, format 4.5."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from incidents.publication.document import AdvisoryDocument, AttackStep, SourceRef, TechniqueRef
from incidents.representations.navigator.build import build_atlas_layer, build_attack_layers
from incidents.representations.navigator.format import ATLAS_LAYER, ATTACK_LAYERS
from incidents.vocabulary.words import Certainty, Framework, ReleaseKind, SourceKind
from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.test_build import hostile_document

BASE = "https://tocsin.example"
GOLDEN = Path(__file__).parents[3] / "golden" / "navigator"
SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "layer-4.5.schema.json").read_text(encoding="utf-8")))
SOURCE = SourceRef(number=1, title="Report", url="https://news.example/1", kind=SourceKind.NEWS)


def technique(external_id: str, name: str, *tactics: str, domains: tuple[str, ...] = ("enterprise",)) -> TechniqueRef:
    framework = Framework.ATLAS if external_id.startswith("AML") else Framework.ATTACK
    return TechniqueRef(framework=framework, external_id=external_id, name=name, tactics=tactics, domains=domains)


PHISHING = technique("T1566", "Phishing", "Initial Access")
ACCOUNTS = technique("T1078", "Valid Accounts", "Initial Access", "Persistence")
FLOOD = technique("T1498.002", "Reflection Amplification", "Impact")
INJECTION = technique("AML.T0051", "LLM Prompt Injection", "Execution", domains=())
SMISHING = technique("T1660", "Phishing", "Initial Access", domains=("mobile",))
STOP = technique("T0881", "Service Stop", "Inhibit Response Function", domains=("ics",))


def step(of: TechniqueRef, certainty: Certainty = Certainty.OBSERVED, **fields: Any) -> AttackStep:
    return AttackStep(technique=of, certainty=certainty, **fields)


def attacked(*steps: AttackStep) -> AdvisoryDocument:
    return make_document(attacks=steps, sources=(SOURCE,))


def attack_file(document: AdvisoryDocument) -> Any:
    return json.loads(build_attack_layers(document, BASE))


def atlas_file(document: AdvisoryDocument) -> Any:
    return json.loads(build_atlas_layer(document, BASE))


def shown(layer: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Technique, tactic and score of each cell."""
    return [(cell["techniqueID"], cell.get("tactic", ""), cell["score"]) for cell in layer["techniques"]]


def said(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["name"], row["value"]) for row in rows if "name" in row]


WHOLE = attacked(
    step(PHISHING, tactic="initial-access", occurred_from="2025-01-20", description="A **mail** [^1].", cites=(1,)),
    step(ACCOUNTS, Certainty.SUSPECTED, tactic="persistence", occurred_from="2025-01", occurred_to="2025-02"),
    step(FLOOD, Certainty.CONTEXT),
    step(INJECTION, Certainty.CONTEXT, description="Nothing shows it here."),
)


@pytest.mark.parametrize(
    ("name", "build", "document"),
    [
        ("enterprise", build_attack_layers, WHOLE),
        ("atlas", build_atlas_layer, WHOLE),
        ("several", build_attack_layers, attacked(step(PHISHING), step(SMISHING), step(STOP, Certainty.SUSPECTED))),
        ("nothing", build_attack_layers, make_document()),
    ],
)
def test_a_layer_is_what_it_was_to_the_byte(name, build, document):
    assert build(document, BASE).decode() == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("form", [ATTACK_LAYERS, ATLAS_LAYER], ids=lambda form: form.name)
@pytest.mark.parametrize("make", [make_full_incident, make_incident])
def test_every_layer_follows_the_format(form, make):
    Draft202012Validator.check_schema(SCHEMA.schema)
    incident = make()

    for release in (publish_incident(incident), withdraw_incident(incident)):
        SCHEMA.validate(json.loads(form.build(release.document, BASE)))


@pytest.mark.parametrize("form", [ATTACK_LAYERS, ATLAS_LAYER], ids=lambda form: form.name)
def test_a_layer_of_hostile_text_follows_the_format(form):
    SCHEMA.validate(json.loads(form.build(hostile_document(), BASE)))


def test_the_schema_refuses_another_version_and_unknown_names():
    layer = attack_file(WHOLE)

    assert not SCHEMA.is_valid(layer | {"versions": {"navigator": "4.9.0", "layer": "4.4"}})
    assert not SCHEMA.is_valid(layer | {"viewMode": 0})
    assert not SCHEMA.is_valid([])


def test_the_score_says_how_sure_it_is():
    assert shown(attack_file(WHOLE)) == [
        ("T1566", "initial-access", 3),
        ("T1078", "persistence", 2),
        ("T1498.002", "", 1),
    ]


def test_each_certainty_has_its_colour_in_cell_legend_and_gradient():
    layer = attack_file(WHOLE)

    legend = {item["label"]: item["color"] for item in layer["legendItems"]}
    cells = {dict(said(cell["metadata"]))["Certainty"]: cell["color"] for cell in layer["techniques"]}
    assert cells == legend
    assert layer["gradient"]["colors"] == list(legend.values())[::-1]


def test_a_technique_that_was_used_twice_is_one_cell_with_the_strongest_certainty():
    layer = attack_file(attacked(step(PHISHING, Certainty.CONTEXT), step(PHISHING, Certainty.OBSERVED)))

    assert shown(layer) == [("T1566", "", 3)]
    assert layer["techniques"][0]["comment"] == "Step 1: Observed.\n\nCommonly used, not shown here."


def test_a_step_without_tactic_counts_in_the_column_of_one_that_has_it():
    layer = attack_file(attacked(step(ACCOUNTS, tactic="persistence"), step(ACCOUNTS, Certainty.SUSPECTED)))

    assert shown(layer) == [("T1078", "", 2), ("T1078", "persistence", 3)]
    assert layer["techniques"][1]["comment"] == "Step 1: Observed.\n\nStep 2: Suspected."


def test_a_tactic_that_the_matrix_does_not_know_is_kept_in_words():
    (cell,) = attack_file(attacked(step(PHISHING, tactic="exfil-by-mail")))["techniques"]

    assert "tactic" not in cell
    assert ("Tactic", "exfil-by-mail") in said(cell["metadata"])


def test_several_domains_are_a_list_of_layers():
    layers = attack_file(attacked(step(STOP), step(PHISHING), step(SMISHING)))

    assert [(layer["domain"], shown(layer)) for layer in layers] == [
        ("enterprise-attack", [("T1566", "", 3)]),
        ("mobile-attack", [("T1660", "", 3)]),
        ("ics-attack", [("T0881", "", 3)]),
    ]


def test_a_technique_of_two_domains_is_in_both():
    shared = replace(PHISHING, domains=("enterprise", "mobile"))

    assert [layer["domain"] for layer in attack_file(attacked(step(shared)))] == ["enterprise-attack", "mobile-attack"]


def test_a_document_that_does_not_say_the_domain_is_sorted_by_its_ids():
    old = (replace(PHISHING, domains=()), replace(STOP, domains=()))

    layers = attack_file(attacked(*map(step, old)))

    assert [(layer["domain"], shown(layer)) for layer in layers] == [
        ("enterprise-attack", [("T1566", "", 3)]),
        ("ics-attack", [("T0881", "", 3)]),
    ]


def test_what_a_layer_cannot_show_is_named_in_it():
    own = TechniqueRef(framework=Framework.LOCAL, external_id="L-1", name="Knocking")
    layer = attack_file(attacked(step(PHISHING), step(INJECTION, Certainty.CONTEXT), step(own), step(SMISHING)))[0]

    assert said(layer["metadata"])[-3:] == [
        ("In no matrix", "L-1 Knocking (observed)"),
        ("In ATT&CK Mobile", "T1660 Phishing (observed)"),
        ("In ATLAS", "AML.T0051 LLM Prompt Injection (commonly used, not shown here)"),
    ]
    assert "Techniques of this incident outside this matrix: 3" in layer["description"]
    assert layer["links"][-1]["url"] == f"{BASE}/incidents/INC-2025-0001/releases/1.atlas.json"


def test_the_atlas_layer_holds_what_atlas_names_and_leads_to_the_rest():
    layer = atlas_file(WHOLE)

    assert (layer["domain"], shown(layer)) == ("atlas-atlas", [("AML.T0051", "", 1)])
    assert [name for name, _ in said(layer["metadata"])[-3:]] == ["In ATT&CK Enterprise"] * 3
    assert layer["links"][-1]["url"] == f"{BASE}/incidents/INC-2025-0001/releases/1.navigator.json"


def test_a_withdrawn_advisory_colours_nothing_and_says_so():
    note = make_note(2, kind=ReleaseKind.WITHDRAWAL, reason="It did not happen.")

    layer = attack_file(replace(WHOLE, release=note))

    assert (layer["techniques"], layer["name"]) == ([], "Withdrawn: Harbour Bank locked out of its ledgers")
    assert "It did not happen. This advisory was withdrawn" in layer["description"]


@pytest.mark.django_db
def test_an_advisory_offers_a_layer_only_where_there_is_something_in_it(client):
    empty, full = publish_incident(make_incident()), publish_incident(make_full_incident("Another"))

    pages = [client.get(f"/incidents/{release.public_id}/").content.decode() for release in (empty, full)]

    assert [".navigator.json" in page for page in pages] == [False, True]
    assert [".atlas.json" in page for page in pages] == [False, False]
    assert client.get(f"/incidents/{full.public_id}.navigator.json").headers["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_a_release_says_to_which_domains_its_techniques_belong():
    incident = make_full_incident()
    found = incident.attacks.get(order=1).technique
    found.domains = ["enterprise", "ics"]
    found.save()

    document = publish_incident(incident).document

    assert document.attacks[0].technique.domains == ("enterprise", "ics")

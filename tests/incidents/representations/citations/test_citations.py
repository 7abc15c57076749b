"""BibTeX, RIS and CSL-JSON: golden bytes, and what other software would read in them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import override_settings

from incidents.publication.document import AdvisoryDocument, TagRef, Timeline
from incidents.publication.registry import Format
from incidents.representations.citations.bibtex import FORMAT as BIBTEX
from incidents.representations.citations.csl import FORMAT as CSL
from incidents.representations.citations.ris import FORMAT as RIS
from incidents.vocabulary.words import ReleaseKind
from tests.factories import make_full_incident, publish_incident
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.citations.reading import read_bibtex, read_ris, typeset

BASE = "https://tocsin.example"
GOLDEN = Path(__file__).parents[3] / "golden" / "citations"
HOSTILE = "50 % of {all} \\ users_1 & #2 ~ $3 ^ } “quoted” \u2028 *star*\nTY  - JOUR\r\n@misc{x, 漏洞"
DATE = {
    "type": "object",
    "required": ["date-parts"],
    "additionalProperties": False,
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        }
    },
}
TEXT = {"type": "string", "minLength": 1}
ITEM_RULES = {
    "type": "object",
    "required": ["id", "type", "title", "author", "issued", "URL"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(
            ("id", "genre", "title", "publisher", "number", "version", "URL", "language", "abstract", "keyword"), TEXT
        ),
        **dict.fromkeys(("status", "note"), TEXT),
        "type": {"const": "report"},
        "author": {"type": "array", "items": {"type": "object", "required": ["literal"], "maxProperties": 1}},
        "issued": DATE,
        "event-date": DATE,
    },
}


def plain() -> AdvisoryDocument:
    return make_document()


def full() -> AdvisoryDocument:
    note = make_note(2, reason="The figures were wrong.", kind=ReleaseKind.CORRECTION)
    return make_document(
        title="Bank: 50 % of R&D data_files leaked",
        release=note,
        history=(make_note(1), note),
        timeline=Timeline(occurred_from="2024-12", occurred_to="2025-01-03T13:33Z"),
        tags=(TagRef(slug="data-leak", name="data leak"), TagRef(slug="bank", name="bank")),
    )


def withdrawn() -> AdvisoryDocument:
    note = make_note(3, kind=ReleaseKind.WITHDRAWAL, reason="It did not happen.")
    return make_document(release=note, history=(make_note(1), note))


def hostile() -> AdvisoryDocument:
    return make_document(
        title=HOSTILE,
        summary=HOSTILE,
        release=make_note(reason=HOSTILE),
        tags=(TagRef(slug="x", name=HOSTILE),),
        language="fa",
    )


def shown(text: str) -> str:
    """A text as it stands on one line."""
    return " ".join(text.replace("\u2028", " ").split())


def fields_of(document: AdvisoryDocument) -> dict[str, str]:
    _, _, fields = read_bibtex(BIBTEX.build(document, BASE).decode())
    return fields


def lines_of(document: AdvisoryDocument) -> list[tuple[str, str]]:
    return read_ris(RIS.build(document, BASE).decode())


def item_of(document: AdvisoryDocument) -> dict[str, Any]:
    item: dict[str, Any]
    (item,) = json.loads(CSL.build(document, BASE))
    return item


@pytest.mark.parametrize("form", [BIBTEX, RIS, CSL], ids=lambda form: form.name)
@pytest.mark.parametrize("make", [plain, full, withdrawn, hostile], ids=lambda make: make.__name__)
def test_the_bytes_are_the_golden_ones(form: Format, make):
    assert form.build(make(), BASE) == (GOLDEN / f"{make.__name__}{form.suffix}").read_bytes()


@pytest.mark.parametrize("make", [plain, full, withdrawn, hostile], ids=lambda make: make.__name__)
def test_the_three_agree_and_name_this_release_for_ever(make):
    document = make()
    address = f"{BASE}/incidents/INC-2025-0001/releases/{document.release.number}/"
    kind, key, fields = read_bibtex(BIBTEX.build(document, BASE).decode())
    ris, item = dict(lines_of(document)), item_of(document)

    assert (kind, ris["TY"], item["type"]) == ("report", "RPRT", "report")
    assert {key, ris["ID"], item["id"]} == {f"INC-2025-0001-r{document.release.number}"}
    assert {fields["url"], ris["UR"], item["URL"]} == {f"{{{address}}}", address}
    assert {typeset(fields["title"]), ris["TI"], item["title"]} == {item["title"]}
    assert {typeset(fields["author"]), ris["AU"], item["publisher"]} == {"Tocsin"}
    assert {"urldate", "Y2", "accessed"} & {*fields, *ris, *item} == set()


def test_a_text_is_read_back_as_it_was_written():
    document = hostile()

    assert typeset(fields_of(document)["title"]) == shown(HOSTILE)
    assert dict(lines_of(document))["TI"] == shown(HOSTILE)
    assert item_of(document)["title"] == shown(HOSTILE)


def test_a_ris_record_begins_and_ends_once_whatever_is_in_its_texts():
    tags = [tag for tag, _ in lines_of(hostile())]

    assert (tags[0], tags[-1]) == ("TY", "ER")
    assert (tags.count("TY"), tags.count("ER")) == (1, 1)


def test_keywords_and_authors_of_ris_hold_no_asterisk():
    words = [text for tag, text in lines_of(hostile()) if tag in ("KW", "AU")]

    assert [word for word in words if "*" in word or len(word) > 255] == []


@override_settings(SITE_NAME="Alarm & Söhne, and Co")
def test_the_publisher_is_not_taken_for_a_person():
    assert fields_of(plain())["author"] == r"{{Alarm \& Söhne, and Co}}"
    assert item_of(plain())["author"] == [{"literal": "Alarm & Söhne, and Co"}]


@pytest.mark.parametrize("make", [plain, full, withdrawn, hostile], ids=lambda make: make.__name__)
def test_csl_keeps_to_the_names_and_types_of_its_schema(make):
    jsonschema.Draft7Validator(ITEM_RULES).validate(item_of(make()))


@pytest.mark.parametrize(
    ("start", "end", "bibtex", "csl", "ris"),
    [
        ("2025", "", "{2025}", [[2025]], "The incident: 2025."),
        ("2025-01", "", "{2025-01}", [[2025, 1]], "The incident: 2025-01."),
        ("2024-12", "2025-01-03", "{2024-12/2025-01-03}", [[2024, 12], [2025, 1, 3]], "2024-12 to 2025-01-03."),
        ("2025-01-27T13:33Z", "2025-01-27T20:00Z", "{2025-01-27}", [[2025, 1, 27]], "The incident: 2025-01-27."),
    ],
)
def test_the_day_of_an_incident_is_said_as_far_as_it_is_known(start, end, bibtex, csl, ris):
    document = make_document(timeline=Timeline(occurred_from=start, occurred_to=end))

    assert fields_of(document)["eventdate"] == bibtex
    assert item_of(document)["event-date"] == {"date-parts": csl}
    assert [text for tag, text in lines_of(document) if tag == "N1" and text.endswith(ris)] != []


def test_the_release_is_dated_to_the_day():
    fields, ris, item = fields_of(full()), dict(lines_of(full())), item_of(full())

    assert (fields["year"], fields["month"], fields["day"]) == ("{2025}", "jan", "{2}")
    assert (ris["PY"], ris["DA"]) == ("2025", "2025/01/02/")
    assert item["issued"] == {"date-parts": [[2025, 1, 2]]}


def test_a_withdrawal_is_cited_as_one():
    assert typeset(fields_of(withdrawn())["title"]) == "Withdrawn: Harbour Bank locked out of its ledgers"
    assert fields_of(withdrawn())["pubstate"] == "{withdrawn}"
    assert dict(lines_of(withdrawn()))["TI"].startswith("Withdrawn: ")
    assert item_of(withdrawn())["status"] == "withdrawn"


@pytest.mark.django_db
@pytest.mark.parametrize("form", [BIBTEX, RIS, CSL], ids=lambda form: form.name)
def test_it_is_served_now_and_for_every_release(client, form: Format):
    incident = make_full_incident()
    first, second = publish_incident(incident), publish_incident(incident, reason="New.")

    now = client.get(f"/incidents/{incident.public_id}{form.suffix}")
    then = client.get(f"/incidents/{incident.public_id}/releases/1{form.suffix}")

    assert (now.status_code, now.headers["Content-Type"]) == (200, form.media_type)
    assert now.content == form.build(second.document, "http://127.0.0.1:8000")
    assert then.content == form.build(first.document, "http://127.0.0.1:8000")

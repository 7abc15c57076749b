"""The formats of bulk exports: what each holds, that all end at one place, and that no kill leaves them apart."""

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Release
from incidents.representations.api.exporting import building
from incidents.representations.api.exporting.building import FORMATS, build_exports
from incidents.representations.api.exporting.bundle import BundleWriter
from incidents.representations.api.exporting.rows import Row
from incidents.representations.api.exporting.shelf import Export, folder
from incidents.representations.api.exporting.table import COLUMNS
from incidents.representations.api.exporting.workshop import STATE
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind
from tests.factories.corpus import involved, release_again, release_document, release_various, step

pytestmark = pytest.mark.django_db
COMPRESSIONS = ("gzip", "zstd")


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path) -> None:
    """A folder of this test's exports."""
    settings.EXPORT_ROOT = str(tmp_path / "exports")


def unpacked(export: Export) -> bytes:
    packed = (folder(PUBLIC) / export.file).read_bytes()
    if export.compression == "gzip":
        return gzip.decompress(packed)
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed), read_across_frames=True).read()


def contents(**options: Any) -> dict[str, bytes]:
    """What the files of a build hold, by format; both compressions hold the same."""
    built = build_exports(PUBLIC, **options)
    held = {(export.format, export.compression): unpacked(export) for export in built}
    assert [held[name, "gzip"] for name in FORMATS] == [held[name, "zstd"] for name in FORMATS]
    return {name: held[name, "gzip"] for name in FORMATS}


def query(content: bytes, statement: str) -> list[Any]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_all_formats_hold_the_same_advisories_and_end_at_one_place(client: Client) -> None:
    release_various()
    held = contents()

    ids = [row["id"] for row in map(json.loads, held["ndjson"].splitlines())]
    listed = client.get("/api/v1/exports/").json()["data"]
    incidents = [one for one in json.loads(held["stix"])["objects"] if one["type"] == "incident"]
    assert [row["id"] for row in table(held["csv"])] == ids
    assert query(held["sqlite"], "SELECT id FROM advisories ORDER BY place") == [(one,) for one in ids]
    assert [one["external_references"][0]["external_id"] for one in incidents] == ids
    assert [(one["format"], one["compression"]) for one in listed] == [
        (name, packing) for name in FORMATS for packing in COMPRESSIONS
    ]
    (after,) = {one["after"] for one in listed}
    assert query(held["sqlite"], "SELECT after, advisories, clearance FROM export") == [(after, len(ids), "clear")]
    assert client.get("/api/v1/changes/", {"after": after}).json()["data"] == []


def test_files_are_fetched_under_their_media_types(client: Client) -> None:
    release_document("One")
    build_exports(PUBLIC)

    listed = client.get("/api/v1/exports/").json()["data"]

    answers = [client.get(one["url"].removeprefix("http://127.0.0.1:8000")) for one in listed]
    assert [answer["Content-Type"] for answer in answers] == ["application/gzip", "application/zstd"] * 4
    assert [int(answer["Content-Length"]) for answer in answers] == [one["bytes"] for one in listed]


def test_the_table_has_a_row_for_each_advisory_and_no_formula() -> None:
    bank = involved("harbour-bank", sector="financial-services", country="NL")
    advisory = release_document(
        '=HYPERLINK("https://evil.example")', organizations=(bank,), attacks=(step("T1486"),), summary='Two,\n"words"'
    )
    release_again(advisory, ReleaseKind.WITHDRAWAL)

    (row,) = table(contents()["csv"])

    assert list(row) == [*COLUMNS, "standing", "url"]
    assert row["title"] == '\'=HYPERLINK("https://evil.example")'
    assert (row["standing"], row["release"], row["summary"]) == ("withdrawn", "2", 'Two,\n"words"')
    assert (row["victims"], row["countries"], row["techniques_observed"]) == ("Harbour Bank", "NL", "T1486")


def test_the_database_answers_questions_and_has_the_documents_to_the_byte() -> None:
    release_various()
    database = contents()["sqlite"]

    found = query(
        database,
        "SELECT a.title, t.name FROM advisories AS a JOIN attacks USING (id) JOIN techniques AS t ON t.key = technique "
        "WHERE certainty = 'observed' AND standing = 'current' ORDER BY a.id, t.key",
    )

    assert found == [("Bank", "T1486"), ("Cloud", "T1566")]
    documents = [document for (document,) in query(database, "SELECT document FROM advisories ORDER BY place")]
    assert documents == list(Release.objects.order_by("sequence").values_list("document_json", flat=True))
    assert query(database, "PRAGMA integrity_check") == [("ok",)]
    assert query(database, "SELECT number, kind FROM releases WHERE id = 'INC-2025-0001'") == [(1, "initial")]


def test_the_bundle_has_each_object_once_and_nothing_that_leads_nowhere() -> None:
    bank = involved("harbour-bank", sector="financial-services", country="NL")
    for title in ("One", "Two", "Three"):
        release_document(title, organizations=(bank,), attacks=(step("T1486"),))

    objects = json.loads(contents(part_rows=2)["stix"])["objects"]

    ids = [one["id"] for one in objects]
    assert len(ids) == len(set(ids))
    kinds = [one["type"] for one in objects]
    assert (kinds.count("incident"), kinds.count("attack-pattern"), kinds.count("location")) == (3, 1, 1)
    referred = {value for one in objects for name, value in one.items() if name.endswith("_ref")}
    assert referred - set(ids) == set()


def test_an_empty_export_is_whole_in_every_format() -> None:
    held = contents()

    assert (held["ndjson"], table(held["csv"]), query(held["sqlite"], "SELECT * FROM advisories")) == (b"", [], [])
    assert json.loads(held["stix"]).keys() == {"type", "id"}


def stop(*arguments: Any, **options: Any) -> Any:
    raise KeyboardInterrupt


def stop_in_second_part(self: BundleWriter, rows: Sequence[Row], *, written: int) -> bytes:
    return stop() if written else WRITE_PART(self, rows, written=written)


WRITE_PART = BundleWriter.part
MOMENTS: dict[str, tuple[object, str, Any]] = {
    "in a part": (BundleWriter, "part", stop_in_second_part),
    "at the end": (building.Build, "_describe", stop),
    "when announced": (building, "put_ready", stop),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_that_is_stopped_anywhere_ends_as_if_it_had_not_been(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        release_document(f"Row {number}", organizations=(involved("harbour-bank", country="NL"),))
    whole = contents(part_rows=2)
    began: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(*MOMENTS[moment])
        with pytest.raises(KeyboardInterrupt):
            build_exports(PUBLIC, part_rows=2)

    again = contents(part_rows=2, on_begin=lambda rows, total: began.append(rows))

    tables = "SELECT id, sha256 FROM advisories"
    assert began == [2 if moment == "in a part" else 5]
    assert {**again, "sqlite": query(again["sqlite"], tables)} == {**whole, "sqlite": query(whole["sqlite"], tables)}
    assert not list(folder(PUBLIC).glob("build.*"))


def test_a_damaged_state_is_begun_anew() -> None:
    release_document("One")
    folder(PUBLIC).mkdir(parents=True)
    (folder(PUBLIC) / STATE).write_bytes(b"no database" * 1000)

    assert len(contents()["ndjson"].splitlines()) == 1


def test_nothing_above_the_clearance_is_in_any_format() -> None:
    secret = involved("secret-owner", country="IS")
    release_document("Secret title", tlp=TLP.GREEN, organizations=(secret,), attacks=(step("T1486"),))
    release_document("Shown")

    held = contents()

    assert [name for name, content in held.items() if b"secret" in content.lower()] == []
    assert query(held["sqlite"], "SELECT count(*) FROM techniques") == [(0,)]

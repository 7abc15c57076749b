"""Bulk exports: what they hold, that a stopped build is gone on with, that `changes` joins on, and how they are fetched."""

import datetime as dt
import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from msgspec.structs import replace
from pytest_django.fixtures import Settings

from incidents.publication.audience import PUBLIC
from incidents.publication.edition import current_edition
from incidents.publication.models import Release
from incidents.representations.api.exporting.building import LOCK, build_exports
from incidents.representations.api.exporting.shelf import folder, root
from incidents.representations.api.exporting.workshop import Workshop
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind
from tests.conftest import ROOT
from tests.factories.corpus import release_again, release_document

pytestmark = pytest.mark.django_db
EXPORTS, CHANGES = "/api/v1/exports/", "/api/v1/changes/"


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path) -> Path:
    """The folder of this test's exports."""
    settings.EXPORT_ROOT = str(tmp_path / "exports")
    return folder(PUBLIC)


def build(shelf: Path, **options: Any) -> Any:
    return build_exports(PUBLIC, formats=("ndjson",), **options)[0]


def rows(packed: bytes) -> list[bytes]:
    return gzip.decompress(packed).splitlines()


def newest(client: Client) -> Any:
    return client.get(EXPORTS).json()["data"][0]


def path_of(export: Any) -> str:
    return f"{EXPORTS}{export['file']}"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_last_release_of_each_advisory_is_in_it_to_the_byte(client: Client, shelf: Path) -> None:
    first, second, third = release_document("One"), release_document("Two"), release_document("Three")
    release_again(first, title="One again")
    release_again(third, ReleaseKind.WITHDRAWAL)
    build(shelf)

    held = rows(body(client.get(path_of(newest(client)))))

    last = [
        Release.objects.get(public_id=public_id, number=number).document_json.encode()
        for public_id, number in ((second.public_id, 1), (first.public_id, 2), (third.public_id, 2))
    ]
    assert held == last


def test_what_the_public_may_not_see_is_not_in_it(client: Client, shelf: Path) -> None:
    release_document("Hidden", tlp=TLP.GREEN)
    widened = release_document("Narrow at first", tlp=TLP.AMBER)
    release_again(widened, tlp=TLP.CLEAR, title="Wide")
    shown = release_document("Shown")
    release_document("Hidden too", tlp=TLP.AMBER)
    build(shelf)

    held = [json.loads(row) for row in rows(body(client.get(path_of(newest(client)))))]

    assert [(one["id"], one["title"]) for one in held] == [(widened.public_id, "Wide"), (shown.public_id, "Shown")]


def test_hidden_releases_change_nothing_about_it(client: Client, shelf: Path) -> None:
    release_document("Shown")
    first = build(shelf)
    release_document("Hidden", tlp=TLP.GREEN)

    second = build(shelf)

    assert (first.sha256, first.after, first.rows) == (second.sha256, second.after, second.rows)


def test_changes_join_on(client: Client, shelf: Path) -> None:
    advisory = release_document("One")
    build(shelf)
    release_again(advisory)
    release_document("Two")

    joined = client.get(CHANGES, {"after": newest(client)["after"]}).json()["data"]

    assert [(one["event"], one["id"], one["number"]) for one in joined] == [
        ("updated", "INC-2025-0001", 2),
        ("created", "INC-2025-0003", 1),
    ]


def test_the_list_describes_each_file(client: Client, shelf: Path, settings: Settings) -> None:
    release_document("One")
    build(shelf)

    said = newest(client)

    held = body(client.get(path_of(said)))
    assert dt.datetime.fromisoformat(said.pop("built_at")).tzinfo is not None
    assert said.pop("after")
    assert said == {
        "content": "advisories",
        "format": "ndjson",
        "compression": "gzip",
        "media_type": "application/gzip",
        "file": f"advisories-{hashlib.sha256(held).hexdigest()[:32]}.ndjson.gz",
        "url": f"{settings.SITE_URL}{path_of(said)}",
        "bytes": len(held),
        "sha256": hashlib.sha256(held).hexdigest(),
        "rows": 1,
    }


def test_there_may_be_none_and_an_empty_one(client: Client, shelf: Path) -> None:
    nothing = client.get(EXPORTS).json()
    build(shelf)

    said = newest(client)

    assert (nothing, said["rows"], rows(body(client.get(path_of(said))))) == ({"data": []}, 0, [])
    release_document("One")
    assert len(client.get(CHANGES, {"after": said["after"]}).json()["data"]) == 1


def test_a_stopped_build_goes_on_and_gives_the_same_bytes(shelf: Path) -> None:
    for number in range(7):
        release_document(f"Row {number}")
    whole = build(shelf, part_rows=2)
    began, parts = [], []

    def stop(written: int) -> None:
        parts.append(written)
        if len(parts) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(shelf, part_rows=2, on_progress=stop)
    release_document("Later")
    with (shelf / "build.ndjson.gz").open("ab") as file:
        file.write(b"half a part that was being written")

    again = build(shelf, part_rows=2, on_begin=lambda written, total: began.append((written, total)))

    assert began == [(4, 7)]
    assert (again.sha256, again.rows, again.after) == (whole.sha256, 7, whole.after)
    assert build(shelf, part_rows=2).rows == 8


def test_a_build_of_another_ledger_is_not_gone_on_with(shelf: Path) -> None:
    release_document("One")
    with pytest.raises(KeyboardInterrupt):
        build(shelf, part_rows=1, on_progress=_interrupt)
    began = []
    with Workshop(shelf) as workshop:
        state = workshop.state()
        assert state is not None
        workshop.remember(replace(state, head="0" * 64))

    build(shelf, on_begin=lambda written, total: began.append(written))

    assert began == [0]


def _interrupt(written: int) -> None:
    raise KeyboardInterrupt


def test_the_one_before_is_kept_and_older_ones_go(client: Client, shelf: Path) -> None:
    built = []
    for number in range(3):
        release_document(f"Row {number}")
        built.append(build(shelf))

    listed = client.get(EXPORTS).json()["data"]
    assert [one["file"] for one in listed if one["compression"] == "gzip"] == [built[2].file, built[1].file]
    assert [client.get(f"{EXPORTS}{one.file}").status_code for one in built] == [404, 200, 200]
    assert sorted(one.name for one in shelf.glob("advisories-*.gz")) == sorted(one.file for one in built[1:])


def test_pages_that_are_kept_learn_of_it(shelf: Path) -> None:
    before = current_edition()

    build(shelf)

    assert current_edition() > before


def test_two_do_not_build_at_once(shelf: Path) -> None:
    shelf.mkdir(parents=True)
    program = (
        "import fcntl, sys; f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(root() / LOCK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert other.stdout is not None
    other.stdout.readline()

    with pytest.raises(CommandError, match="Another process"):
        call_command("export")

    other.communicate(b"\n")
    call_command("export", verbosity=0)


def test_the_command_says_what_it_made(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release_document("One")

    call_command("export", formats=["csv"])

    made, smaller = sorted(shelf.glob("*.csv.*"), key=lambda path: path.suffix)
    assert capsys.readouterr().out == "".join(
        f"{path}: 1 advisories in {path.stat().st_size} bytes.\n" for path in (made, smaller)
    )


@pytest.fixture
def served(client: Client, shelf: Path) -> tuple[str, bytes]:
    """The address and the bytes of an export."""
    release_document("One")
    export = build(shelf)
    return f"{EXPORTS}{export.file}", (shelf / export.file).read_bytes()


@pytest.mark.parametrize(
    ("asked", "part", "said"),
    [
        ("bytes=0-9", slice(0, 10), "0-9"),
        ("bytes=10-", slice(10, None), "10-{last}"),
        ("bytes=-7", slice(-7, None), "{seventh}-{last}"),
        ("bytes=3-999999999", slice(3, None), "3-{last}"),
        ("bytes=-999999999", slice(0, None), "0-{last}"),
    ],
)
def test_a_part_can_be_asked_for(client: Client, served: tuple[str, bytes], asked: str, part: slice, said: str) -> None:
    address, whole = served

    answer = client.get(address, headers={"range": asked})

    expected = said.format(last=len(whole) - 1, seventh=len(whole) - 7)
    assert (answer.status_code, body(answer)) == (206, whole[part])
    assert answer["Content-Range"] == f"bytes {expected}/{len(whole)}"
    assert answer["Content-Length"] == str(len(whole[part]))


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=5-2", "rows=0-1", "bytes=-", "bytes=x-y", "bytes=²-"])
def test_what_is_no_single_range_means_the_whole(client: Client, served: tuple[str, bytes], asked: str) -> None:
    answer = client.get(served[0], headers={"range": asked})

    assert (answer.status_code, body(answer)) == (200, served[1])


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(client: Client, served: tuple[str, bytes], asked: str) -> None:
    answer = client.get(served[0], headers={"range": asked})

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(served[1])}")
    assert answer.json()["type"].endswith("/api/problems/range-not-satisfiable/")


def test_a_part_of_another_file_is_not_given(client: Client, served: tuple[str, bytes]) -> None:
    address, whole = served
    etag = client.get(address)["ETag"]

    same, other = (
        client.get(address, headers={"range": "bytes=0-3", "if-range": validator}) for validator in (etag, '"other"')
    )

    assert [(same.status_code, body(same)), (other.status_code, body(other))] == [(206, whole[:4]), (200, whole)]


def test_who_has_it_is_told_so_and_head_gives_the_length(client: Client, served: tuple[str, bytes]) -> None:
    address, whole = served
    got = client.get(address)

    known, head = client.get(address, headers={"if-none-match": got["ETag"]}), client.head(address)

    assert (known.status_code, body(known)) == (304, b"")
    assert (head.status_code, body(head), head["Content-Length"]) == (200, b"", str(len(whole)))
    assert (got["Accept-Ranges"], got["Content-Type"]) == ("bytes", "application/gzip")


@pytest.mark.parametrize("name", ["exports.json", "build.state", "..%2Fsecret", f"advisories-{'0' * 32}.ndjson.gz"])
def test_nothing_else_in_the_folder_can_be_fetched(client: Client, served: tuple[str, bytes], name: str) -> None:
    assert client.get(f"{EXPORTS}{name}").status_code == 404


def test_no_answer_holds_a_place_in_the_sequence(client: Client, shelf: Path) -> None:
    release_document("One")
    build(shelf)

    assert not {"until", "head", "sequence"} & newest(client).keys()


def test_a_key_makes_the_answers_private(served: tuple[str, bytes], partner: Callable[[TLP], Client]) -> None:
    answers = [partner(TLP.CLEAR).get(place) for place in (EXPORTS, served[0])]

    assert [answer["Cache-Control"] for answer in answers] == ["private, no-store"] * 2
    assert Path(served[0]).name in answers[0].content.decode()

"""A worker builds exports beside its work, and a copy that begins with one is the same as the portal: with real processes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.start.processes import server_command, worker_command
from tests.conftest import ROOT, manage
from tests.incidents.following.test_kills import in_copy
from tests.run.ports import await_port, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BEFORE = """
from django.db import transaction
from tests.factories.corpus import *
with transaction.atomic():
    first = release_document("One"); release_again(first, title="One again"); release_document("Two")
    release_again(release_document("Three"), ReleaseKind.WITHDRAWAL); release_document("Hidden", tlp=TLP.AMBER)

from tests.factories.partners import *; print(make_partner_key(make_partner(clearance=TLP.AMBER))[1])
"""
AFTER = """
from django.db import transaction
from tests.factories.corpus import *
from incidents.publication.models import Advisory
with transaction.atomic():
    release_again(Advisory.objects.get(public_id="INC-2025-0001"), title="One at last"); release_document("Four")
"""
PATIENCE_SECONDS = 90


@pytest.fixture
def environment(scratch_database: str, tmp_path: Path) -> dict[str, str]:
    """Of processes that work on the scratch database."""
    settings = {"DATABASE_URL": scratch_database, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    exports = {"EXPORT_ROOT": str(tmp_path / "exports"), "EXPORT_EVERY": "1"}
    return {**os.environ, **settings, **exports, "TEST_DATABASE_URL": "", "PYTHONWARNINGS": "ignore"}


@pytest.fixture
def portal(environment: dict[str, str]) -> Iterator[str]:
    """The address of a running server."""
    port = free_port()
    server = subprocess.Popen(server_command(host="127.0.0.1", port=port, workers=1), cwd=ROOT, env=environment)
    await_port(port, server)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=30)


def shell(program: str, database: str) -> str:
    """Run a program in the portal's shell. Returns what it prints."""
    return manage("shell", "-v", "0", "-c", program, database=database).stdout.strip()


def follow(portal: str, copy: Path, environment: dict[str, Any], *more: str) -> subprocess.CompletedProcess[str]:
    """Run the follower."""
    return subprocess.run(
        [sys.executable, "manage.py", "follow", portal, "--into", str(copy), *more],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def await_exports(*lists: Path) -> None:
    """Wait until they are announced."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not all(path.exists() for path in lists):
        assert time.monotonic() < deadline, lists
        time.sleep(0.1)


def test_a_copy_that_begins_with_what_the_worker_built_is_the_same_as_the_portal(
    scratch_database: str, environment: dict[str, Any], portal: str, tmp_path: Path
) -> None:
    key = shell(BEFORE, scratch_database)
    worker = subprocess.Popen(worker_command(), cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        await_exports(*(tmp_path / "exports" / label / "exports.json" for label in ("clear", "amber")))
    finally:
        worker.terminate()
        _, complaints = worker.communicate(timeout=30)
    shell(AFTER, scratch_database)

    with_key = {**environment, "TOCSIN_KEY": key}
    runs = [
        follow(portal, tmp_path / name, known, more)
        for name, known in (("copy", environment), ("restricted", with_key))
        for more in ("--from-export", "--verify")
    ]

    assert (worker.returncode, complaints) == (0, "")
    assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 4
    assert [run.stdout.partition(".")[0] for run in runs[::2]] == [
        *("The export held 3 advisories", "The export held 4 advisories"),
    ]
    listed = json.loads((tmp_path / "exports" / "amber" / "exports.json").read_text())
    assert [(one["format"], one["rows"]) for one in listed[::2]] == [
        *[("ndjson", 4), ("csv", 4)],
        *[("sqlite", 4), ("stix", 4)],
    ]
    assert in_copy(tmp_path / "copy", "SELECT id, number, event FROM releases ORDER BY place") == [
        *[("INC-2025-0001", 2, "exported"), ("INC-2025-0003", 1, "exported")],
        *[("INC-2025-0004", 2, "exported"), ("INC-2025-0001", 3, "updated")],
        ("INC-2025-0008", 1, "created"),
    ]
    assert ("amber",) in in_copy(tmp_path / "restricted", "SELECT tlp FROM releases")

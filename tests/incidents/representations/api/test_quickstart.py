"""What `docs/quickstart.md` tells to type works, as it stands there, against a running portal."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.conftest import ROOT
from tests.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PLACEHOLDER = "https://advisories.example.org"


def blocks(language: str) -> list[str]:
    """What stands in the quick start in a language."""
    text = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
    return [code for name, code in BLOCK.findall(text) if name == language]


def said(command: list[str], code: str, server: LiveServer, folder: Path) -> str:
    """What is printed when code is run by a command, with the address of the portal in it."""
    done = subprocess.run(
        command,
        input=code.replace(PLACEHOLDER, server.url),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_block_is_one_that_is_tried() -> None:
    assert {language: len(blocks(language)) for language in ("sh", "python", "js")} == {"sh": 2, "python": 1, "js": 1}
    assert len(BLOCK.findall((ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8"))) == 4


@pytest.mark.skipif(not shutil.which("curl"), reason="There is no curl on the path.")
def test_curl_lists_advisories_and_asks_whether_one_changed(live_server: LiveServer, tmp_path: Path) -> None:
    public_id = make_published("One", severity="high").public_id

    listing, asking = blocks("sh")

    told = said(["bash", "-eu"], listing, live_server, tmp_path)
    assert told == f'{{"data":[{{"id":"{public_id}","title":"One"}}],"next":null,"previous":null}}'
    assert said(["bash", "-eu"], asking, live_server, tmp_path) == "304\n"
    assert f'"{public_id}"' in (tmp_path / "advisory.json").read_text(encoding="utf-8")


def test_python_keeps_a_copy(live_server: LiveServer, tmp_path: Path) -> None:
    make_published("One")
    make_published("Two")

    (code,) = blocks("python")

    assert said([sys.executable, "-"], code, live_server, tmp_path).startswith("2 advisories; go on after ")


@pytest.mark.skipif(
    not shutil.which("node"), reason="There is no node on the path: the quick start in JavaScript is not tried."
)
def test_javascript_reads_every_page(live_server: LiveServer, tmp_path: Path) -> None:
    made = {make_published(f"Advisory {number}", severity="low").public_id for number in range(12)}

    (code,) = blocks("js")

    lines = said(["node", "--input-type=module", "-"], code, live_server, tmp_path).splitlines()
    assert len(lines) == 12
    assert {line.split()[0] for line in lines} == made
    assert {line.split()[1] for line in lines} == {"low"}

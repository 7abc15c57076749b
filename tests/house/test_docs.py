import ast
import re
from pathlib import Path

import pytest

from tests.house.source import tree
from tests.portal.test_settings import value

SETTINGS = ("base", "dev", "production")
PROMISES = ("DRAFT", "TLP", "RELEASE", "SEQUENCE", "GATE", "ATOMIC", "ID", "TEXT", "AUDIT")
TEST_NAME = re.compile(r"(tests/[\w/]+\.py)(?:::(\w+))?")


def variables_read(root: Path) -> set[str]:
    """The environment variables that the settings read."""
    calls = (
        node
        for module in SETTINGS
        for node in ast.walk(tree(root / "portal" / "settings" / f"{module}.py"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func.value, ast.Name)  # type: ignore[attr-defined]
        and call.func.value.id == "env"  # type: ignore[attr-defined]
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def variables_in_example(root: Path) -> dict[str, str]:
    """The variables of `.env.example` with their values."""
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=")[::2] for line in lines if line and not line.startswith("#"))
    return dict(pairs)


def first_cells(root: Path, heading: str) -> set[str]:
    """What stands in code marks in the first column of the tables below a heading of `docs/operations.md`."""
    text = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text.split(f"## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return set(re.findall(r"^\| `([\w.]+)", section, flags=re.MULTILINE))


def own_commands(root: Path) -> set[str]:
    """The management commands of the project."""
    folders = (root / "portal", root / "incidents")
    paths = (path for folder in folders for path in (folder / "management" / "commands").glob("*.py"))
    return {path.stem for path in paths if not path.stem.startswith("_")}


def test_the_example_lists_every_variable_that_is_read(root: Path) -> None:
    assert set(variables_in_example(root)) == variables_read(root)


def test_the_manual_explains_every_variable_that_is_read(root: Path) -> None:
    assert first_cells(root, "Configuration") == variables_read(root)


def test_the_example_says_the_defaults(root: Path) -> None:
    everything = (
        "{n: repr(getattr(settings, n)) for n in dir(settings)"
        " if n.isupper() and n not in ('SECRET_KEY', 'SETTINGS_MODULE', 'ACCOUNT_USER_DISPLAY')}"
    )

    assert value("dev", everything, variables_in_example(root)) == value("dev", everything)


def test_the_manual_names_every_command(root: Path) -> None:
    assert first_cells(root, "Commands") == own_commands(root)


def test_the_readme_names_both_commands(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")

    assert ("make run" in text, "make test" in text) == (True, True)


def test_every_promise_is_written_down(root: Path) -> None:
    text = (root / "docs" / "invariants.md").read_text(encoding="utf-8")

    assert [promise for promise in PROMISES if f"INV-{promise}" not in text] == []


def test_every_promise_names_tests_that_exist(root: Path) -> None:
    named = TEST_NAME.findall((root / "docs" / "invariants.md").read_text(encoding="utf-8"))
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (root / path).is_file() or (test and f"def {test}(" not in (root / path).read_text(encoding="utf-8"))
    ]

    assert named != []
    assert missing == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/operations.md"])
def test_every_file_that_a_document_links_to_exists(root: Path, document: str) -> None:
    path = root / document
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []

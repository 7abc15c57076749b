"""The project's own source files, as the house rules read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.run.checks import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*endings: str) -> tuple[Path, ...]:
    """Every file under version control, or about to be, whose name ends so; without migrations and vendored files."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = (ROOT / line for line in sorted(set(listed)) if line.endswith(endings))
    return tuple(path for path in paths if path.is_file() and not {"migrations", "vendor"} & set(path.parts))


def name(path: Path) -> str:
    """A file's path inside the project."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a Python file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def product_code() -> tuple[Path, ...]:
    """The Python files that are no tests."""
    return tuple(path for path in files(".py") if "tests" not in path.relative_to(ROOT).parts)

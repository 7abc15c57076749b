import ast
import re
from pathlib import Path

from tests.house.source import files, functions, name, product_code, tree

FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|common|helpers?|core|misc|managers?|handlers?)(_|$)", re.IGNORECASE)
FORBIDDEN_ENDINGS = ("Handler", "Helper", "Util", "Utils")
COMMENTED_CODE = re.compile(r"^\s*#\s*(def |class |import |from \w+ import |return\b.*\(|\w+ = \w+\()")
TRUST_CALLS = {"mark_safe", "SafeString", "SafeText", "html_safe"}
ESCAPES_BY_HAND = {"incidents/templatetags/rows.py"}
"""Rows and options of lists, which take too long in a template (decision 20)."""


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in product_code()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_every_argument_and_result_is_annotated() -> None:
    bare = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in product_code()
        for function in functions(path)
        if function.returns is None or any(not is_annotated(argument) for argument in arguments(function))
    ]

    assert bare == []


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """All arguments of a function."""
    given = function.args
    starred = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *starred]


def is_annotated(argument: ast.arg) -> bool:
    """Whether the argument says what it is; `self` and `cls` need not."""
    return argument.annotation is not None or argument.arg in ("self", "cls")


def test_no_module_is_a_drawer() -> None:
    drawers = [name(path) for path in files(".py") if FORBIDDEN_NAMES.search(path.stem)]

    assert drawers == []


def test_no_class_is_named_after_nothing() -> None:
    vague = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in product_code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_ENDINGS)
    ]

    assert vague == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [name(path) for path in product_code() if tree(path).body and not ast.get_docstring(tree(path))]

    assert silent == []


def test_public_functions_and_classes_say_what_they_do() -> None:
    silent = [f"{name(path)}:{node.lineno} {node.name}" for path in product_code() for node in undocumented(tree(path))]

    assert silent == []


def undocumented(module: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """Top-level functions and classes without a docstring that a reader from outside may use."""
    named = [node for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [node for node in named if not node.name.startswith("_") and not ast.get_docstring(node)]


def test_no_code_is_commented_out() -> None:
    dead = [
        f"{name(path)}:{number}"
        for path in files(".py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if COMMENTED_CODE.match(line)
    ]

    assert dead == []


def test_text_becomes_html_in_prose_and_nowhere_else() -> None:
    outside = [
        f"{name(path)}:{node.lineno}"
        for path in product_code()
        if not name(path).startswith("incidents/prose/") and name(path) not in ESCAPES_BY_HAND
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and called(node) in TRUST_CALLS
    ]

    assert outside == []


def called(call: ast.Call) -> str:
    """The last part of the name that is called: `mark_safe` for `safestring.mark_safe(…)` too."""
    return ast.unparse(call.func).rpartition(".")[2]


def test_migrations_are_named_after_what_they_do(root: Path) -> None:
    automatic = [str(path) for path in root.rglob("*/migrations/*_auto_*.py") if ".venv" not in path.parts]

    assert automatic == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    pattern = re.compile(r"/(home|Users|root)/\w")
    named = [
        name(path)
        for path in files(".py", ".md", ".toml", ".txt", ".in", ".html", ".css", ".js", "Makefile", ".yaml")
        if pattern.search(path.read_text(encoding="utf-8")) and path != Path(__file__)
    ]

    assert named == []

from tests.house.source import files, functions, name

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_TEMPLATE, LONGEST_STYLESHEET, ALL_SCRIPTS = 50, 400, 150, 250, 500


def lengths(*endings: str) -> dict[str, int]:
    """How many lines each file has."""
    return {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files(*endings)}


def test_functions_are_short() -> None:
    long = {
        f"{name(path)}:{function.lineno} {function.name}": function.end_lineno - function.lineno + 1
        for path in files(".py")
        for function in functions(path)
        if function.end_lineno and function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    }

    assert long == {}


def test_files_are_short() -> None:
    assert {path: size for path, size in lengths(".py").items() if size > LONGEST_FILE} == {}


def test_templates_are_short() -> None:
    assert {path: size for path, size in lengths(".html").items() if size > LONGEST_TEMPLATE} == {}


def test_stylesheets_are_short() -> None:
    assert {path: size for path, size in lengths(".css").items() if size > LONGEST_STYLESHEET} == {}


def test_scripts_are_few() -> None:
    assert sum(lengths(".js", ".mjs").values()) <= ALL_SCRIPTS

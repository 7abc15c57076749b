import re

from tests.house.source import files, name

# A script with a type of data is never run; a script with a source is not inline.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/(ld\+)?json)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)
TRUST = re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off", re.IGNORECASE)
FOREIGN = re.compile(r"""<(script|link|img|iframe|source)\b[^>]*\b(src|href)\s*=\s*["'](https?:)?//""", re.IGNORECASE)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)


def offenders(pattern: re.Pattern[str]) -> list[str]:
    """The templates in which the pattern is found outside comments."""
    return [name(path) for path in files(".html", ".svg") if pattern.search(COMMENT.sub("", path.read_text()))]


def test_no_template_has_an_inline_script() -> None:
    assert offenders(INLINE_SCRIPT) == []


def test_no_template_has_an_inline_style() -> None:
    assert offenders(INLINE_STYLE) == []


def test_no_template_has_an_event_handler() -> None:
    assert offenders(HANDLER) == []


def test_no_address_is_a_script() -> None:
    assert offenders(SCRIPT_ADDRESS) == []


def test_no_template_trusts_text() -> None:
    assert offenders(TRUST) == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert offenders(FOREIGN) == []

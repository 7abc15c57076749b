import re

from tests.house.source import files, name

# A script with a type of data is never run; a script with a source is not inline.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/(ld\+)?json)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)
TRUST = re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off", re.IGNORECASE)
FOREIGN = re.compile(r"""<(script|link|img|iframe|source)\b[^>]*\b(src|href)\s*=\s*["'](https?:)?//""", re.IGNORECASE)
MARKED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}", re.DOTALL)
READ_OUT = re.compile(r"""\s(?:aria-label|title|alt|placeholder|data-label)="([^"]*)\"""")
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[^\W\d_]{2,}")
TRANSLATED = ("templates/advisory/", "templates/archive/")
NAMES = {"Atom", "RSS", "JSON Feed", "SHA-256"}  # the same in every language
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


def bare_words(text: str) -> list[str]:
    """Texts and labels of a template that no translation reaches."""
    plain = MARKED.sub("", COMMENT.sub("", text))
    pieces = [*READ_OUT.findall(plain), *TAG.split(plain)]
    return [said for piece in pieces if WORD.search(said := " ".join(piece.split(" ·")).strip()) and said not in NAMES]


def test_every_word_of_translated_pages_is_marked_for_translation() -> None:
    paths = [path for path in files(".html") if name(path).startswith(TRANSLATED)]

    assert {name(path): words for path in paths if (words := bare_words(path.read_text()))} == {}

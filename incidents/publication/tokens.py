"""Text as the search index knows it: the same small tokens on both engines, whatever the script.

Letters lose their case and the accents of Latin, Greek and Cyrillic; nothing is stemmed. Signs of vowels stay with the
letters they belong to, as in Hindi. Where a script puts no spaces between words (Chinese, Japanese, Thai, …), each sign is
a token, and what stands together is searched for as a phrase.
"""

import re
import sys
import unicodedata
from functools import lru_cache

LONGESTTOKEN = 60
_BASIC_PLANE = 0x10000
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)


def _marks() -> str:
    """The marks that belong to letters, as ranges of a character class."""
    signs = [
        code
        for code in range(0x370, min(_BASIC_PLANE, sys.maxunicode))
        if unicodedata.category(chr(code)) in ("Mn", "Mc")
    ]
    ranges: list[list[int]] = []
    for code in signs:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARKS = _marks()
UNSPACED = re.compile(f"[{_UNSPACED}]")
_PLAIN = re.compile(r"[a-z0-9]+")
_LATIN = re.compile(r"[^\W_]+")
_BEYOND_LATIN = re.compile("[\u0370-\u1fff\u2c00-\U0010ffff]")
TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])[\w{MARKS}])+")


def fold(text: str) -> str:
    """A text without case, accents and variants of width; not always of the same length."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def tokenise(text: str) -> list[str]:
    """The tokens of a text, in order."""
    folded = fold(text)
    pattern = _PLAIN if folded.isascii() else TOKEN if _BEYOND_LATIN.search(folded) else _LATIN
    return [token[:LONGESTTOKEN] for token in pattern.findall(folded)]


def token_pattern(text: str) -> re.Pattern[str]:
    """What finds the tokens of a text as it stands, in any case; most texts need no more than Latin letters."""
    return TOKEN if _BEYOND_LATIN.search(text) else _LATIN


@lru_cache(maxsize=4_000)
def fold_word(word: str) -> str:
    """The same as `fold`, remembered."""
    return fold(word)

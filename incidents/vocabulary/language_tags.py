"""Languages: tags of BCP 47 in their usual spelling, the names people know them by, and which of them stands in for which."""

from django.utils.translation import get_language_info

from incidents.vocabulary.languages import LANGUAGES

LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_SCRIPT, _REGION = 4, 2
_CHINESE = {"name_translated": "Chinese", "name_local": "中文"}


def spell_language(tag: str) -> str:
    """A tag as RFC 5646, section 2.1.1, spells it: `zh-hans-cn` becomes `zh-Hans-CN`."""
    first, *others = tag.strip().lower().split("-")
    spelled = (
        part.title() if len(part) == _SCRIPT else part.upper() if len(part) == _REGION else part for part in others
    )
    return "-".join([first, *spelled])


def language_name(tag: str) -> str:
    """The name of a language in the language that is active, such as “German”; the tag itself where no name is known."""
    return str(_described(tag)["name_translated"])


def own_name(tag: str) -> str:
    """What a language calls itself, such as “Deutsch”; the tag itself where that is not known."""
    ours = (language.name for language in LANGUAGES if language.code == tag.lower())
    return next(ours, None) or str(_described(tag)["name_local"])


def are_akin(one: str, other: str) -> bool:
    """Whether a reader who asked for one of two languages may be given the other: `de` and `de-AT`, not `zh-Hans` and
    `zh-Hant` (RFC 4647, section 3.3.1, in both directions)."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return f"{long}-".startswith(f"{short}-")


def _described(tag: str) -> dict[str, object]:
    try:
        return dict(get_language_info(tag.lower()))
    except KeyError:
        return dict(_CHINESE) if tag.lower().startswith("zh") else {"name_translated": tag, "name_local": tag}

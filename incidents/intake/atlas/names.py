"""Names in the case studies' free text: which organizations a target or reporter means, and whether an actor is named at all."""

import re
from functools import cache
from pathlib import Path

import msgspec
import yaml
from django.utils.text import slugify

from incidents.intake.catalogue import OrganizationEntry
from incidents.vocabulary.words import Sector

_FILE = Path(__file__).parent / "organizations.yaml"
_NOBODY = re.compile(
    r"^(an? |the )?(unknown|unattributed|unidentified|anonymous|n/?a|none|one individual|(two|three|several) individuals)"
    r"( (threat|bad|malicious))?( actors?)?$",
    re.IGNORECASE,
)


class _Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sector: Sector
    country: str = ""
    words: tuple[str, ...] = ()


def find_organizations(text: str) -> list[OrganizationEntry]:
    """The organizations that a free text names, in the order of the text."""
    found = ((pattern.search(text), entry) for pattern, entry in _patterns())
    hits = [(hit.start(), entry) for hit, entry in found if hit]
    return [entry for _, entry in sorted(hits, key=lambda hit: hit[0])]


def organization_named(name: str) -> OrganizationEntry:
    """An organization of just this name."""
    return OrganizationEntry(slug=slugify(name)[:60].strip("-") or "entry", name=name)


def names_nobody(actor: str) -> bool:
    """Whether the text says that the actor is not known, or gives no name."""
    return not actor.strip() or _NOBODY.match(actor.strip()) is not None


def is_list_of_names(actor: str) -> bool:
    """Whether the text names several, which cannot be told apart safely."""
    return "," in actor


@cache
def _patterns() -> list[tuple[re.Pattern[str], OrganizationEntry]]:
    known = msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), dict[str, _Known])
    return [
        (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, one.words or (name,)))})(?!\w)", re.IGNORECASE),
            OrganizationEntry(slug=slugify(name.replace(".", "-")), name=name, sector=one.sector, country=one.country),
        )
        for name, one in known.items()
    ]

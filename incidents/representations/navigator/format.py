"""The two files as entries in the registry of formats."""

from pathlib import Path

from django.utils.translation import gettext_lazy

from incidents.publication.document import AdvisoryDocument
from incidents.publication.registry import Format
from incidents.representations.navigator.build import (
    ATLAS_SUFFIX,
    ATTACK_SUFFIX,
    build_atlas_layer,
    build_attack_layers,
)
from incidents.representations.navigator.domains import ATLAS, steps_by_domain

_HERE = Path(__file__).parent
_ROOMS = _HERE.parent.parent


def has_attack(document: AdvisoryDocument) -> bool:
    """Whether a document names a technique of ATT&CK."""
    return bool(steps_by_domain(document).keys() - {ATLAS})


def has_atlas(document: AdvisoryDocument) -> bool:
    """Whether a document names a technique of ATLAS."""
    return ATLAS in steps_by_domain(document)


ATTACK_LAYERS = Format(
    name="navigator",
    suffix=ATTACK_SUFFIX,
    media_type="application/json",
    label=gettext_lazy("ATT&CK Navigator layer"),
    build=build_attack_layers,
    made_of=(_HERE, _ROOMS / "prose", _ROOMS / "vocabulary"),
    suits=has_attack,
)
ATLAS_LAYER = Format(
    name="atlas_navigator",
    suffix=ATLAS_SUFFIX,
    media_type="application/json",
    label=gettext_lazy("ATLAS Navigator layer"),
    build=build_atlas_layer,
    made_of=(_HERE, _ROOMS / "prose", _ROOMS / "vocabulary"),
    suits=has_atlas,
)

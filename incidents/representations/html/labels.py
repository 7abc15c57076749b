"""What the values of filters are called, many at once."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Concat

from incidents.catalogue.models import Technique
from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.facets import kept
from incidents.publication.models import Advisory, Facet
from incidents.publication.reading import reading_connection
from incidents.vocabulary.words import Framework

_REFERENCE = {Facet.TECHNIQUE, Facet.MITIGATION}
Key = tuple[str, str]

_ENTRY_ID = "entry.framework || '/' || entry.external_id"
_FRAMEWORKS = ", ".join(f"'{framework}'" for framework in Framework.values)
_OWNED = "incidents_service AS entry JOIN incidents_organization AS owner ON owner.id = entry.organization_id"
_ENTRIES = {
    Facet.ORGANIZATION: ("entry.slug", "incidents_organization AS entry", "entry.slug"),
    Facet.SERVICE: ("owner.slug || '/' || entry.slug", _OWNED, "entry.slug"),
    Facet.TECHNIQUE: (_ENTRY_ID, "incidents_technique AS entry", "entry.external_id"),
    Facet.MITIGATION: (_ENTRY_ID, "incidents_mitigation AS entry", "entry.external_id"),
    Facet.ACTOR: ("entry.slug", "incidents_threatactor AS entry", "entry.slug"),
    Facet.TAG: ("entry.slug", "incidents_tag AS entry", "entry.slug"),
}
"""Of each facet the value of an entry, the tables that hold it, and the column in which its end is looked up."""


def labels_of(values: Mapping[str, Iterable[str]], *, is_public: bool) -> dict[Key, str]:
    """Names by facet and value, in one query; in plain SQL, because every list asks for a hundred of them.

    `is_public` promises that visible advisories carry all the values; else what readers may not know of is missing.
    """
    parts: list[str] = []
    params: list[Any] = []
    for facet in _ENTRIES:
        if wanted := set(values.get(facet, ())):
            sql, known = _names(facet, wanted, is_public=is_public or facet in _REFERENCE)
            parts.append(sql)
            params += known
    if not parts:
        return {}
    with reading_connection().cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return {(facet, value): name for facet, value, name in cursor.fetchall()}


def _names(facet: Facet, values: set[str], *, is_public: bool) -> tuple[str, list[Any]]:
    value, source, column = _ENTRIES[facet]
    ends = sorted({one.rpartition("/")[2] for one in values})
    sql = f"SELECT '{facet.value}', {value}, entry.name FROM {source} WHERE {column} IN ({_holes(ends)})"  # noqa: S608
    params: list[Any] = [*ends]
    if facet in _REFERENCE:  # the index begins with the framework
        sql = f"{sql} AND entry.framework IN ({_FRAMEWORKS})"
    if facet == Facet.SERVICE:  # every other organization has a web shop
        owners = sorted({one.partition("/")[0] for one in values})
        sql, params = f"{sql} AND owner.slug IN ({_holes(owners)})", [*params, *owners]
    if not is_public:
        visible, known = _visible(PUBLIC)
        named = f"SELECT 1 FROM incidents_advisoryterm AS term WHERE facet = '{facet.value}' AND value = {value}"  # noqa: S608
        first = (
            " OFFSET 0" if reading_connection().vendor == "postgresql" else ""
        )  # else it joins all that are named with all
        sql = f"{sql} AND EXISTS ({named} AND EXISTS ({visible} AND incidents_advisory.id = term.advisory_id){first})"
        params += known
    return sql, params


def _holes(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))


@lru_cache(maxsize=8)
def _visible(audience: Audience) -> tuple[str, tuple[Any, ...]]:
    """SQL for the keys of the advisories that an audience may see, with its parameters."""
    sql, params = Advisory.objects.visible_to(audience).order_by().values("pk").query.sql_with_params()
    return sql, tuple(params)


def tactic_of_techniques() -> dict[str, str]:
    """The first tactic of each technique, by the technique's key, in the order of the matrix. Kept with the edition."""

    def read() -> dict[str, str]:
        key = Concat("framework", Value("/"), "external_id", output_field=CharField())
        rows = Technique.objects.exclude(tactics=None).order_by("tactics__framework", "-tactics__position")
        return dict(rows.values_list(key, "tactics__name"))

    return kept("tactics", PUBLIC, read)

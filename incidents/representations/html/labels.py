"""What the values of filters are called, many at once."""

from collections.abc import Iterable, Mapping

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat

from incidents.catalogue.models import Technique
from incidents.publication.audience import PUBLIC
from incidents.publication.facets import kept
from incidents.publication.models import Facet
from incidents.representations.html.entries import actors, mitigations, organizations, seen, services, tags, techniques

_REFERENCE = {Facet.TECHNIQUE, Facet.MITIGATION}
Key = tuple[str, str]

_ROWS = {
    Facet.ORGANIZATION: (organizations, "slug"),
    Facet.SERVICE: (services, "slug"),
    Facet.TECHNIQUE: (techniques, "external_id"),
    Facet.MITIGATION: (mitigations, "external_id"),
    Facet.ACTOR: (actors, "slug"),
    Facet.TAG: (tags, "slug"),
}


def labels_of(values: Mapping[str, Iterable[str]], *, is_public: bool) -> dict[Key, str]:
    """Names by facet and value, in one query.

    `is_public` promises that visible advisories carry all the values; else what readers may not know of is missing.
    """
    parts = []
    for facet, (rows, field) in _ROWS.items():
        ends = {value.rpartition("/")[2] for value in values.get(facet, ())}
        if ends:
            known = rows() if is_public or facet in _REFERENCE else seen(rows(), facet)
            found = known.filter(**{f"{field}__in": ends}).order_by()
            parts.append(found.values_list(Value(facet.value, CharField()), F("term"), "name"))
    if not parts:
        return {}
    first, *others = parts
    return {(facet, term): name for facet, term, name in (first.union(*others, all=True) if others else first)}


def tactic_of_techniques() -> dict[str, str]:
    """The first tactic of each technique, by the technique's key, in the order of the matrix. Kept with the edition."""

    def read() -> dict[str, str]:
        key = Concat("framework", Value("/"), "external_id", output_field=CharField())
        rows = Technique.objects.exclude(tactics=None).order_by("tactics__framework", "-tactics__position")
        return dict(rows.values_list(key, "tactics__name"))

    return kept("tactics", PUBLIC, read)

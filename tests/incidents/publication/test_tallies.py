"""Counts kept while projecting: right after every act, for every audience, and checked against the projection."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from incidents import migrations
from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.facets import (
    count_all_values,
    count_certainties,
    count_values,
    most_common_values,
    present_values,
    present_years,
)
from incidents.publication.models import Advisory, Facet, Tally
from incidents.publication.project import project
from incidents.publication.rebuild import rebuild_projection
from incidents.publication.tallies import count_of, find_miscounts
from incidents.publication.verify import find_damage
from incidents.record.models import Incident
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, IncidentState, OrganizationRole, ReleaseKind, Severity
from tests.factories import make_incident, publish_incident, withdraw_incident
from tests.factories.corpus import involved, release_document, step, tagged

pytestmark = pytest.mark.django_db
FOLDER = Path(migrations.__file__).parent
MIGRATIONS = [
    path.stem
    for name in ("keep_counts", "date_of_an_advisory", "count_figures")
    for path in FOLDER.glob(f"*_{name}.py")
]


def kept() -> list[tuple[str, str, int]]:
    return sorted(Tally.objects.values_list("facet", "value", "clear"))


def test_an_advisory_is_counted_under_all_it_can_be_found_by() -> None:
    release_document(
        severity=Severity.HIGH,
        state=IncidentState.CONTAINED,
        organizations=(
            involved("harbour-bank", sector="cloud", country="NL"),
            involved("harbour-bank", OrganizationRole.REPORTER, sector="cloud", country="NL"),
        ),
        attacks=(step("T1486"), step("T1486", Certainty.CONTEXT)),
        tags=tagged("tokens"),
        timeline="2024-05",
    )

    assert kept() == [
        ("all", "", 1),
        ("certainty", "context", 1),
        ("certainty", "observed", 1),
        ("context", "attack/T1486", 1),
        ("country", "NL", 1),
        ("course", "technique:attack/T1486 2024-05 observed", 1),
        ("day", "2024-05", 1),
        ("figure", "country", 1),
        ("figure", "country NL", 1),
        ("figure", "delay unknown", 1),
        ("figure", f"month 2024-05 {Severity.HIGH.rank}", 1),
        ("figure", "sector", 1),
        ("figure", "sector cloud", 1),
        ("figure", "year 2024 ", 1),
        ("month", "2024-05", 1),
        ("observed", "attack/T1486", 1),
        ("organization", "harbour-bank", 1),
        ("sector", "cloud", 1),
        ("seen", "2024-05", 1),
        ("seen", "2024-05 attack/T1486", 1),
        ("severity", "high", 1),
        ("state", "contained", 1),
        ("state", "open", 1),
        ("tag", "tokens", 1),
        ("technique", "attack/T1486", 1),
        ("year", "2024", 1),
    ]


def test_each_audience_has_counts_of_its_own() -> None:
    for tlp in TLP:
        release_document(tlp=tlp, tags=tagged("same"))

    audiences = [Audience(tlp) for tlp in TLP]
    assert [count_values(Facet.TAG, ["same", "other"], one) for one in audiences] == [
        {"same": 1},
        {"same": 2},
        {"same": 3},
        {"same": 4},
        {"same": 4},
    ]


def test_a_release_is_counted_in_place_of_the_one_before() -> None:
    incident = make_incident(severity="low", occurred_from="2021")
    publish_incident(incident)
    Incident.objects.filter(pk=incident.pk).update(severity="critical", occurred_from="2022")

    publish_incident(incident)

    assert (count_all_values("severity", PUBLIC), present_years(PUBLIC)) == ({"critical": 1}, [2022])


def test_a_withdrawal_leaves_nothing_but_the_count_of_withdrawn_ones() -> None:
    incident = make_incident()
    publish_incident(incident)

    withdraw_incident(incident)

    assert kept() == [("state", "withdrawn", 1)]


def test_projecting_the_same_release_twice_counts_it_once() -> None:
    advisory = release_document(tags=tagged("tokens"))

    project(advisory.release)

    assert count_of("all", "", PUBLIC) == 1


def test_rebuilding_counts_the_same_again() -> None:
    for number in range(3):
        release_document(tags=tagged("tokens", f"tag-{number}"), attacks=(step("T1566"),))
    release_document(kind=ReleaseKind.WITHDRAWAL)
    before = kept()

    rebuild_projection()

    assert kept() == before


def test_what_is_asked_of_counts_is_answered_from_them() -> None:
    for name in ("b", "a", "a"):
        release_document(tags=tagged(name), attacks=(step("T1566", Certainty.SUSPECTED), step("T1566")))

    assert most_common_values(Facet.TAG, PUBLIC, limit=1) == [("a", 2)]
    assert present_values(Facet.TAG, PUBLIC) == ["a", "b"]
    assert count_certainties("attack/T1566", PUBLIC) == {"suspected": 3, "observed": 3}


def test_the_migrations_count_what_is_there_already() -> None:
    for tlp in TLP:
        release_document(tlp=tlp, attacks=(step("T1566"), step("T1566", Certainty.CONTEXT)), tags=tagged("tokens"))
    release_document(kind=ReleaseKind.WITHDRAWAL)
    Tally.objects.all().delete()

    with connection.cursor() as cursor:
        for name in MIGRATIONS:
            cursor.execute(import_module(f"incidents.migrations.{name}").COUNT)

    assert list(find_miscounts()) == []


@pytest.mark.parametrize("change", ["wrong", "missing", "surplus"])
def test_a_count_that_differs_from_the_projection_is_damage(change: str) -> None:
    release_document(tags=tagged("tokens"))
    assert list(find_miscounts()) == []

    tallies = Tally.objects.filter(facet="tag")
    if change == "wrong":
        tallies.update(clear=2)
    elif change == "missing":
        tallies.delete()
    else:
        Advisory.objects.get().terms.filter(facet="tag").delete()

    assert [text for text in find_damage() if "tag" in text] == [
        f"Count of tag “tokens”: it {'is missing' if change == 'missing' else 'differs from the projection'}; "
        "run rebuild_projection."
    ]

"""What the projection keeps of a document for insights, and that advisories from before are filled alike."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from incidents import migrations
from incidents.publication.document import AttributionClaim, Timeline
from incidents.publication.models import Advisory
from incidents.publication.rebuild import rebuild_projection
from incidents.vocabulary.words import AttributionStatus, Confidence
from tests.factories.corpus import claim, release_document

pytestmark = pytest.mark.django_db
NOBODY = AttributionClaim(actor=None, status=AttributionStatus.CONFIRMED, confidence=Confidence.HIGH)


def kept() -> list[tuple[bool, str, int | None]]:
    rows = Advisory.objects.order_by("public_id")
    return list(rows.values_list("is_exercise", "attribution", "days_to_disclosure"))


def dated(began: str, disclosed: str) -> dict[str, Any]:
    return {"timeline": Timeline(occurred_from=began, disclosed=disclosed)}


@pytest.mark.parametrize(
    ("began", "disclosed", "days"),
    [
        ("2025-01-27", "2025-01-27", 0),
        ("2025-01-27T23:59Z", "2025-01-28T00:01Z", 1),
        ("2024-02-01", "2025-02-01", 366),
        ("2025-01-27", "2025-01-20", -7),
        ("2025-01", "2025-01-27", None),
        ("2025-01-27", "2025", None),
        ("", "2025-01-27", None),
        ("", "", None),
    ],
)
def test_days_to_disclosure_are_known_where_both_days_are(began: str, disclosed: str, days: int | None) -> None:
    release_document(**dated(began, disclosed))

    assert kept() == [(False, "", days)]


@pytest.mark.parametrize(
    ("statuses", "best"),
    [
        ((), ""),
        (("claimed",), "claimed"),
        (("disputed", "claimed"), "claimed"),
        (("claimed", "suspected"), "suspected"),
        (("suspected", "disputed", "confirmed"), "confirmed"),
        (("unclaimed",), "unclaimed"),
    ],
)
def test_attribution_is_what_is_borne_out_best_of_those_named(statuses: tuple[str, ...], best: str) -> None:
    claims = tuple(claim("grey-heron", status=AttributionStatus(status)) for status in statuses)

    release_document(attributions=(NOBODY, *claims))

    assert kept() == [(False, best, None)]


def test_advisories_from_before_are_filled_as_new_ones_are() -> None:
    release_document(is_exercise=True)
    release_document(**dated("2025-01-01", "2025-01-31"), attributions=(NOBODY, claim("grey-heron")))
    release_document(**dated("2025", "2025-01-31"), attributions=(NOBODY,))
    new = kept()
    Advisory.objects.update(is_exercise=False, attribution="", days_to_disclosure=None)

    (name,) = (
        found.name for found in iter_modules(migrations.__path__) if found.name.endswith("releases_for_insights")
    )
    migration = import_module(f"incidents.migrations.{name}")
    migration.read_documents(apps, connection.schema_editor())
    filled = kept()
    rebuild_projection()

    assert new == [(True, "", None), (False, "claimed", 30), (False, "", None)]
    assert filled == new
    assert kept() == new

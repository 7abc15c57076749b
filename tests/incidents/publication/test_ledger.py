"""INV-RELEASE and INV-SEQUENCE: a release never changes, and the ledger can prove it."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from incidents.audit.append_only import AppendOnlyError
from incidents.audit.models import AuditEntry
from incidents.publication.ledger import lock_ledger, next_instant
from incidents.publication.models import Advisory, AdvisoryTerm, Ledger, Release
from incidents.publication.verify import find_damage
from tests.factories import make_full_incident, make_incident, make_published, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db


def test_a_release_refuses_to_be_saved_again():
    release = publish_incident(make_incident())

    release.reason = "Something else."

    with pytest.raises(AppendOnlyError):
        release.save()


def test_a_release_refuses_to_be_deleted():
    release = publish_incident(make_incident())

    with pytest.raises(AppendOnlyError):
        release.delete()


@pytest.mark.parametrize("change", [lambda rows: rows.update(reason="x"), lambda rows: rows.delete()])
def test_releases_refuse_changes_in_bulk(change):
    publish_incident(make_incident())

    with pytest.raises(AppendOnlyError):
        change(Release.objects.all())


@pytest.mark.parametrize("table", ["incidents_release", "incidents_auditentry"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_itself_refuses_changes(table, statement):
    publish_incident(make_incident())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))

    assert Release.objects.count() == 1


@pytest.mark.parametrize("key", ["id", "sequence", "sha256", "number"])
def test_the_database_itself_refuses_to_put_another_release_in_the_place_of_one(key):
    publish_incident(make_incident())
    kept: dict[str, Any] = {**Release.objects.values().get()}
    free = {"id": 99, "sequence": 99, "sha256": "f" * 64, "number": 99}

    forged = {**kept, **free, key: kept[key], "reason": "forged"}

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        put_in_place("incidents_release", forged, key=("public_id", "number") if key == "number" else (key,))
    assert Release.objects.values().get() == kept


def test_the_database_itself_refuses_to_put_another_audit_entry_in_the_place_of_one():
    publish_incident(make_incident())
    kept: dict[str, Any] = {**AuditEntry.objects.values().earliest("pk")}

    forged = {**kept, "act": "forged", "detail": "{}"}

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        put_in_place("incidents_auditentry", forged, key=("id",))
    assert AuditEntry.objects.values().earliest("pk") == kept


def put_in_place(table, row, *, key):
    """Insert a row in the way in which the database lets it take the place of one that has the key already."""
    names, signs = ", ".join(row), ", ".join("%s" for _ in row)
    replacing = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({signs})"
    if connection.vendor == "postgresql":
        changes = ", ".join(f"{name} = excluded.{name}" for name in row)
        replacing = (
            f"INSERT INTO {table} ({names}) VALUES ({signs}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        )
    with connection.cursor() as cursor:
        cursor.execute(replacing, list(row.values()))


def test_numbers_count_per_advisory_and_the_sequence_counts_all():
    first, second = make_incident("First"), make_incident("Second")

    for incident in (first, second, first):
        publish_incident(incident)

    rows = list(Release.objects.values_list("sequence", "public_id", "number", "kind"))
    assert rows == [
        (1, first.public_id, 1, "initial"),
        (2, second.public_id, 1, "initial"),
        (3, first.public_id, 2, "update"),
    ]


def test_each_release_continues_the_chain():
    publish_incident(make_incident("First"))
    publish_incident(make_incident("Second"))

    first, second = Release.objects.all()
    assert first.previous_sha256 == ""
    assert second.previous_sha256 == first.sha256 == first.digest()
    assert Ledger.objects.get().last_sha256 == second.sha256 == second.digest()


def test_an_intact_ledger_has_no_damage():
    incident = make_full_incident()
    publish_incident(incident)
    publish_incident(incident)
    withdraw_incident(incident)

    assert list(find_damage()) == []


DAMAGE = {
    "reason": ("UPDATE incidents_release SET reason = 'forged' WHERE sequence = 1", "does not match its SHA-256"),
    "document": (
        "UPDATE incidents_release SET document_json = replace(document_json, 'Bank', 'Tank') WHERE sequence = 1",
        "does not match its SHA-256",
    ),
    "unreadable": (
        "UPDATE incidents_release SET document_json = '{}' WHERE sequence = 1",
        "its document cannot be read",
    ),
    "spacing": (
        "UPDATE incidents_release SET document_json = document_json || ' ' WHERE sequence = 1",
        "its document is not in canonical form",
    ),
    "tlp": ("UPDATE incidents_release SET tlp = 'green', tlp_rank = 1 WHERE sequence = 1", "another id or TLP"),
    "rank": ("UPDATE incidents_release SET tlp_rank = 1 WHERE sequence = 1", "another id or TLP"),
    "hash": ("UPDATE incidents_release SET sha256 = 'abc' WHERE sequence = 1", "the chain is broken"),
    "sequence": ("UPDATE incidents_release SET sequence = 9 WHERE sequence = 2", "sequence 2 is missing before it"),
    "number": ("UPDATE incidents_release SET number = 9 WHERE sequence = 2", "its number does not follow"),
    "time": (
        "UPDATE incidents_release SET released_at = '2020-01-01' WHERE sequence = 2",
        "before the release it follows",
    ),
    "head": ("UPDATE incidents_ledger SET last_sequence = 7", "its head says sequence 7"),
    "lost release": ("DELETE FROM incidents_release WHERE sequence = 2", "the last release is 1"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_to_the_ledger_is_found_and_named(damage, without_triggers):
    publish_incident(make_full_incident())
    publish_incident(make_incident("Another bank"))
    statement, expected = DAMAGE[damage]

    with without_triggers(), connection.cursor() as cursor:
        if "DELETE" in statement:
            AdvisoryTerm.objects.filter(advisory__title="Another bank").delete()
            cursor.execute("DELETE FROM incidents_rendition")
            cursor.execute("DELETE FROM incidents_advisory WHERE title = 'Another bank'")
        cursor.execute(statement)

    assert expected in " ".join(find_damage())
    with pytest.raises(CommandError, match="damaged"):
        call_command("verify_ledger", quiet=True)


PROJECTION_DAMAGE = {
    "title": (lambda: Advisory.objects.update(title="Forged"), "its title differs from the ledger"),
    "label": (lambda: Advisory.objects.update(tlp_rank=3), "its tlp_rank differs from the ledger"),
    "terms": (lambda: AdvisoryTerm.objects.all().delete(), "its terms differ from the ledger"),
}


@pytest.mark.parametrize("damage", PROJECTION_DAMAGE)
def test_damage_to_the_projection_is_found_and_mended(damage):
    advisory = make_published(full=True)
    act, expected = PROJECTION_DAMAGE[damage]

    act()

    named = [text for text in find_damage() if text.startswith("Advisory")]
    assert named == [f"Advisory {advisory.public_id}: {expected}; run rebuild_projection."]
    call_command("rebuild_projection", verbosity=0)
    assert list(find_damage()) == []


def test_the_projection_is_rebuilt_from_the_ledger_alone():
    make_published("First", full=True)
    incident = make_incident("Second")
    publish_incident(incident)
    publish_incident(incident)
    columns = [field.attname for field in Advisory._meta.concrete_fields if field.name != "id"]
    before = list(Advisory.objects.order_by("public_id").values(*columns))
    terms = set(AdvisoryTerm.objects.values_list("advisory__public_id", "facet", "value", "certainty", "role"))

    Advisory.objects.all().delete()
    call_command("rebuild_projection", verbosity=0)

    assert list(Advisory.objects.order_by("public_id").values(*columns)) == before
    assert set(AdvisoryTerm.objects.values_list("advisory__public_id", "facet", "value", "certainty", "role")) == terms


def test_release_times_always_move_forward():
    with transaction.atomic():
        ledger = lock_ledger()
        ledger.last_released_at = timezone.now() + dt.timedelta(seconds=5)

        assert next_instant(ledger) == ledger.last_released_at + dt.timedelta(milliseconds=1)


@pytest.mark.parametrize("hours", [1, -48])
def test_a_release_cannot_be_dated_out_of_order(hours):
    publish_incident(make_incident())

    with transaction.atomic(), pytest.raises(ValueError, match=r"future|cannot lie before"):
        next_instant(lock_ledger(), timezone.now() + dt.timedelta(hours=hours))


def test_every_release_begins_a_new_edition():
    before = Ledger.objects.get().edition

    publish_incident(make_incident())

    assert Ledger.objects.get().edition > before

"""`verify_ledger` names every kind of damage to what is derived from the ledger or named by it, and nothing else."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from incidents.audit.models import AuditEntry
from incidents.publication.fulltext.expression import mark_token
from incidents.publication.fulltext.sets import change_sets
from incidents.publication.models import Release, Rendition
from incidents.publication.registry import get_format
from incidents.publication.renditions import rendition_of
from incidents.publication.search import clear_index
from incidents.publication.tallies import clear_tallies
from incidents.publication.verify import find_damage, releases, rows_to_verify
from incidents.record.models import Attachment, Incident
from incidents.vocabulary.files import content_path
from tests.factories import make_full_incident, make_incident, make_published, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db
CONTENT = b"PK: a drawing"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    """An empty folder for files."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    return tmp_path


def attach(incident: Incident, content: bytes = CONTENT) -> None:
    """Give an incident a file."""
    sha256 = hashlib.sha256(content).hexdigest()
    row = Attachment(incident=incident, name="drawing.txt", sha256=sha256, size=len(content), media_type="text/plain")
    row.file.save("drawing.txt", ContentFile(content), save=False)
    row.title = "Drawing"
    row.save()


def test_nothing_is_named_where_all_is_sound_and_every_row_is_counted(media):
    incident = make_full_incident()
    attach(incident)
    publish_incident(incident)
    publish_incident(incident)
    make_published("For partners", tlp="green")
    withdraw_incident(incident)
    counted: list[int] = []

    assert list(find_damage(on_progress=counted.append)) == []
    assert sum(counted) == rows_to_verify()
    call_command("verify_ledger", verbosity=0, quiet=True)


RENDITION_DAMAGE: dict[str, tuple[dict[str, Any], str]] = {
    "etag": ({"etag": "0" * 32}, "its ETag is not the hash of its bytes"),
    "gzip": ({"body_gzip": b"forged"}, "its gzip twin says something else"),
    "cut gzip": ({"body_gzip": b"\x1f\x8b\x08\x00"}, "its gzip twin says something else"),
    "brotli": ({"body_brotli": b"forged"}, "its brotli twin says something else"),
}


@pytest.mark.parametrize("damage", RENDITION_DAMAGE)
def test_a_damaged_rendition_is_named_and_mended(damage):
    advisory = make_published()
    change, expected = RENDITION_DAMAGE[damage]

    Rendition.objects.filter(format="json").update(**change)

    assert list(find_damage()) == [
        f"Rendition json of release 1 of {advisory.public_id}: {expected}; run render --all."
    ]
    call_command("render", all=True, verbosity=0)
    assert list(find_damage()) == []


def test_a_damaged_picture_is_named_and_mended_by_making_it_anew():
    advisory = make_published()
    rendition_of(advisory.release, get_format("picture"))
    assert list(find_damage()) == []

    Rendition.objects.filter(format="picture").update(body=b"forged")

    assert len(list(find_damage())) == 2
    call_command("render", all=True, verbosity=0)
    assert list(find_damage()) == []
    assert not Rendition.objects.filter(format="picture").exists()


def test_the_quick_way_leaves_out_renditions_and_files():
    make_published()
    Rendition.objects.update(etag="0" * 32)
    counted: list[int] = []

    assert list(find_damage(quick=True, on_progress=counted.append)) == []
    assert sum(counted) == rows_to_verify(quick=True) == 14
    call_command("verify_ledger", quick=True, quiet=True)


def test_a_rendition_whose_bytes_were_changed_in_every_twin_is_named():
    advisory = make_published()
    other = make_published("Another")
    forged = Rendition.objects.get(release__public_id=other.public_id, format="html")

    Rendition.objects.filter(release__public_id=advisory.public_id, format="html").update(
        body=forged.body, body_gzip=forged.body_gzip, body_brotli=forged.body_brotli, etag=forged.etag
    )

    assert list(find_damage()) == [
        f"Rendition html of release 1 of {advisory.public_id}: it is not what building it gives now; run render --all."
    ]


def test_a_rendition_of_another_build_need_not_be_what_building_gives_now():
    make_published()
    other = make_published("Another")
    old = Rendition.objects.get(release__public_id=other.public_id, format="html")

    Rendition.objects.filter(format="html").update(
        body=old.body, body_gzip=old.body_gzip, body_brotli=old.body_brotli, etag=old.etag, build="0" * 16
    )

    assert list(find_damage()) == []


def test_a_rendition_of_a_past_release_is_verified_and_mended_too():
    incident = make_incident()
    publish_incident(incident)
    publish_incident(incident)

    Rendition.objects.filter(release__number=1, format="json").update(etag="0" * 32)

    assert len(list(find_damage())) == 1
    call_command("render", all=True, verbosity=0)
    assert list(find_damage()) == []


def test_a_rendition_that_the_public_may_not_see_is_named():
    public, partners = make_published(), make_published("For partners", tlp="green")

    Rendition.objects.filter(format="json").update(release=partners.release)

    name = f"Rendition json of release 1 of {partners.public_id}"
    assert list(find_damage()) == [
        f"{name}: it is not what building it gives now; run render --all.",
        f"{name}: it is stored although the public may not see it; delete the row.",
    ]
    assert public.release.pk != partners.release.pk


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def forge_text() -> None:
    if connection.vendor == "postgresql":
        execute("UPDATE incidents_advisory_text SET words = to_tsvector('simple', 'forged')")
    else:
        execute("UPDATE incidents_advisory_words SET words = 'forged'")


@pytest.mark.parametrize("damage", [forge_text, lambda: execute("DELETE FROM incidents_advisory_text")])
def test_an_advisory_that_is_not_found_by_its_text_is_named_and_mended(damage):
    advisory = make_published(full=True)

    damage()

    assert list(find_damage()) == [
        f"Search index: {advisory.public_id} is not found by its present text; run rebuild_projection."
    ]
    call_command("rebuild_projection", verbosity=0)
    assert list(find_damage()) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda: change_sets([(40_000, [mark_token("severity", "high")])], []),
        lambda: change_sets([], [(Release.objects.get().sequence, [mark_token("severity", "high")])]),
        lambda: execute("DELETE FROM incidents_advisory_set WHERE mark LIKE '%severity%'"),
    ],
)
def test_a_set_that_is_not_what_advisories_carry_is_named_and_mended(damage):
    make_published(severity="high")
    assert list(find_damage()) == []

    damage()

    (said,) = find_damage()
    assert said.startswith("Search index: what carries severity:high is not what is filtered by it")
    call_command("rebuild_projection", verbosity=0)
    assert list(find_damage()) == []


def test_a_text_without_an_advisory_is_named_and_mended():
    make_published()
    names, values = (", words", ", 'a'") if connection.vendor == "postgresql" else ("", "")

    execute(
        f"INSERT INTO incidents_advisory_text (sequence, advisory_id, marks{names}) VALUES (987654, 987654, ''{values})"
    )

    assert list(find_damage()) == ["Search index: row 987654 belongs to no advisory; run rebuild_projection."]
    call_command("rebuild_projection", verbosity=0)
    assert list(find_damage()) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda file: file.unlink(), "is missing or cannot be read"),
        (lambda file: file.write_bytes(b"forged"), "is another file than was released"),
    ],
)
def test_a_file_that_a_release_names_is_verified_once_for_each_advisory(media, damage, expected):
    incident = make_incident()
    attach(incident)
    publish_incident(incident)
    incident.attachments.all().delete()
    publish_incident(incident)
    attach(incident)
    publish_incident(incident)

    damage(media / content_path(SHA256))

    assert list(find_damage()) == [
        f"File “drawing.txt” of release 1 of {incident.public_id}: {content_path(SHA256)} {expected}; restore it from a backup."
    ]
    with pytest.raises(CommandError, match="1 damaged"):
        call_command("verify_ledger", quiet=True)


def test_a_file_that_no_release_names_is_not_asked_for(media):
    incident = make_incident()
    attach(incident)

    (media / content_path(SHA256)).unlink()

    assert list(find_damage()) == []


def test_a_release_that_the_log_does_not_know_of_is_named(without_triggers):
    incident = make_incident()
    publish_incident(incident)
    publish_incident(incident)

    with without_triggers():
        AuditEntry.objects.filter(act="publish", detail__release=2)._raw_delete(using="default")

    assert list(find_damage()) == [
        f"Release 2 of {incident.public_id} (sequence 2): the audit log does not say who made it."
    ]


def test_an_advisory_that_is_missing_is_named_and_mended():
    advisory = make_published()
    clear_index()
    clear_tallies()
    advisory.terms.all().delete()

    advisory.delete()

    assert list(find_damage()) == [
        f"Advisory {advisory.public_id}: it is missing from the projection; run rebuild_projection."
    ]
    call_command("rebuild_projection", verbosity=0)
    assert list(find_damage()) == []


def test_a_release_made_while_the_ledger_is_read_is_no_damage():
    incident = make_incident()
    publish_incident(incident)
    made: list[Release] = []

    def publish_once(count: int) -> None:
        if not made:
            made.append(publish_incident(incident))

    assert list(find_damage(on_progress=publish_once)) == []


def test_a_release_from_before_documents_had_a_field_is_sound(without_triggers):
    release = publish_incident(make_incident())
    fields = msgspec.json.decode(release.document_json)
    del fields["date_claims"]
    release.document_json = msgspec.json.encode(fields, order="sorted").decode()

    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_release SET document_json = %s", [release.document_json])
        cursor.execute("UPDATE incidents_release SET sha256 = %s", [release.digest()])
        cursor.execute("UPDATE incidents_ledger SET last_sha256 = %s", [release.digest()])

    assert list(releases.find_damage(lambda count: None)) == []

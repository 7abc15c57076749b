"""A database to measure on: the demo, and as many advisories as wanted that are made of it."""

from io import StringIO
from itertools import islice
from pathlib import Path

from django.core.management import call_command
from django.db import transaction
from msgspec.structs import replace
from tqdm import tqdm

from incidents.publication.audience import PUBLIC
from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.publication.edition import renew_edition
from incidents.publication.ledger import chain_release, lock_ledger, next_instant
from incidents.publication.models import Advisory, Release
from incidents.publication.rebuild import project_many
from incidents.vocabulary.words import ReleaseKind, Severity, Significance
from portal.accounts.models import User

BATCH = 1_000
AUTHOR = "bench@example.org"
FULL = "DeepSeek"
"""In the title of the advisory whose page is measured: the most complete one of the demo."""


def prepare_demo() -> None:
    """Migrate an empty database and load the demo."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)


def prepare_scale(catalogues: list[tuple[str, Path]], lines: Path, wanted: int, folder: Path) -> None:
    """Migrate an empty database, import the catalogues, and load the first lines of a file for `load_scale`."""
    call_command("migrate", verbosity=0)
    for kind, path in catalogues:
        call_command("import_catalogue", kind, str(path), stdout=StringIO())
    first = folder / "first.jsonl"
    with lines.open("rb") as source:
        first.write_bytes(b"".join(islice(source, wanted)))
    call_command("load_scale", str(first))


def find_page() -> str:
    """The address of the advisory that is measured."""
    found = Advisory.objects.visible_to(PUBLIC).standing().filter(title__contains=FULL).order_by("public_id").first()
    if found is None:
        raise RuntimeError(f"The demo has no advisory about {FULL}.")
    return found.get_absolute_url()


def fill(wanted: int) -> None:
    """Release advisories, made of those of the demo, until there are as many as wanted. Renditions are left for later."""
    if Advisory.objects.count() >= wanted:
        return
    author = User.objects.filter(email=AUTHOR).first() or User.objects.create_user(AUTHOR, full_name="Bench")
    patterns = [
        advisory.document for advisory in Advisory.objects.visible_to(PUBLIC).standing().select_related("release")
    ]
    numbers = iter(range(Advisory.objects.count(), wanted))
    with tqdm(total=wanted, initial=Advisory.objects.count(), unit="advisory", disable=None, leave=False) as bar:
        while batch := list(islice(numbers, BATCH)):
            _release([_document(patterns[number % len(patterns)], number) for number in batch], author)
            bar.update(len(batch))
    renew_edition()


def _document(pattern: AdvisoryDocument, number: int) -> AdvisoryDocument:
    severities = list(Severity)
    year = 1990 + number % 35
    return replace(
        pattern,
        id=f"BENCH-1999-{number:06d}",
        title=f"{pattern.title[:150]} ({number})",
        severity=severities[number % len(severities)],
        timeline=replace(pattern.timeline, occurred_from=f"{year}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"),
        related=(),
        history=(),
    )


@transaction.atomic
def _release(documents: list[AdvisoryDocument], author: User) -> None:
    ledger = lock_ledger()
    releases = []
    for document in documents:
        note = ReleaseNote(
            number=1,
            kind=ReleaseKind.INITIAL,
            significance=Significance.MATERIAL,
            reason="First publication.",
            released_at=next_instant(ledger),
            tlp=document.tlp,
        )
        whole = replace(document, release=note, history=(note,))
        releases.append(chain_release(ledger, document=whole, by=author))
    Release.objects.bulk_create(releases)
    ledger.save()
    project_many(releases)

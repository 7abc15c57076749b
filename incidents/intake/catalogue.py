"""What an intake adds to the catalogue, and how it finds what is there already under another name."""

from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction

from incidents.catalogue.models import Organization, Service, Tag, ThreatActor
from incidents.intake.shelf import Shelf
from incidents.vocabulary.words import ActorKind, Sector, ServiceKind


class CatalogueError(Exception):
    """An entry does not fit the catalogue; the text names it and says what is wrong."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry has; field names are those of the catalogue."""

    slug: str
    name: str


class ServiceEntry(Entry, frozen=True, kw_only=True):
    """A service of an organization."""

    kind: ServiceKind = ServiceKind.WEB_APP
    url: str = ""
    status_page: str = ""


class OrganizationEntry(Entry, frozen=True, kw_only=True):
    """An organization and its services."""

    aliases: list[str] = []
    sector: Sector | None = None
    country: str = ""
    founded: int | None = None
    website: str = ""
    description: str = ""
    services: tuple[ServiceEntry, ...] = ()


class ActorEntry(Entry, frozen=True, kw_only=True):
    """A threat actor."""

    external_id: str = ""
    aliases: list[str] = []
    kind: ActorKind = ActorKind.UNKNOWN
    country: str = ""
    description: str = ""
    url: str = ""


class TagEntry(Entry, frozen=True, kw_only=True):
    """A tag."""


class Entries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries that drafts name and that may be missing."""

    organizations: tuple[OrganizationEntry, ...] = ()
    actors: tuple[ActorEntry, ...] = ()
    tags: tuple[TagEntry, ...] = ()


class Filler:
    """Adds missing entries and puts on the shelf what drafts will ask for; whatever exists stays as it is."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._named: dict[type[models.Model], dict[str, models.Model]] = {}

    def fill(self, entries: Entries) -> None:
        """Make sure that each entry exists under its slug, its name or one of its other names.

        Raises:
            CatalogueError: an entry does not fit the catalogue.
        """
        for organization in entries.organizations:
            fields = {**_fields(organization, "services"), "sector": organization.sector or ""}
            owner = self._ensure(Organization, {"slug": organization.slug}, fields)
            self._shelf.put(Organization, organization.slug, owner)
            for service in organization.services:
                keys = {"organization": owner, "slug": service.slug}
                found = self._ensure(Service, keys, _fields(service), by_name=False)
                self._shelf.put(Service, f"{organization.slug}/{service.slug}", found)
        for actor in entries.actors:
            self._shelf.put(ThreatActor, actor.slug, self._ensure(ThreatActor, {"slug": actor.slug}, _fields(actor)))
        for tag in entries.tags:
            self._shelf.put(Tag, tag.slug, self._ensure(Tag, {"slug": tag.slug}, _fields(tag)))

    def _ensure(
        self, model: type[models.Model], keys: dict[str, Any], fields: dict[str, Any], *, by_name: bool = True
    ) -> models.Model:
        known = model._default_manager.filter(**keys).first()
        if known is None and by_name:
            known = self._names(model).get(_folded(fields["name"]))
        if known is None:
            known = _add(model, {**fields, **keys})
            if by_name:
                self._names(model)[_folded(fields["name"])] = known
        return known

    def _names(self, model: type[models.Model]) -> dict[str, models.Model]:
        """Every entry by its name and other names; a name that two entries share leads to the one that bears it."""
        if model not in self._named:
            rows: list[Any] = list(model._default_manager.all())
            others = {_folded(alias): row for row in rows for alias in getattr(row, "aliases", ())}
            self._named[model] = others | {_folded(row.name): row for row in rows}
        return self._named[model]


def _add(model: type[models.Model], fields: dict[str, Any]) -> models.Model:
    entry = model(**fields)
    place = f"{model._meta.verbose_name} “{fields['slug']}”"
    try:
        entry.clean_fields(exclude=_relations(model))
        with transaction.atomic():
            entry.save()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise CatalogueError(f"{place}: {name}: {messages[0]}") from None
    except DatabaseError as error:
        raise CatalogueError(f"{place}: {error}") from error
    return entry


def _relations(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.fields if field.is_relation]


def _fields(entry: Entry, *but: str) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(entry).items() if name not in but}


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())

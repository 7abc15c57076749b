"""The shelf: catalogue entries found by the keys that drafts name them by, each looked up once."""

from typing import TypeVar

from django.db import models

from incidents.catalogue.models import Mitigation, Organization, Service, Tag, Technique, ThreatActor

EntryT = TypeVar("EntryT", bound=models.Model)


class NotInCatalogue(LookupError):
    """The catalogue has no such entry; the text says which."""


class Shelf:
    """Looks catalogue entries up and remembers them."""

    def __init__(self) -> None:
        self._found: dict[tuple[type[models.Model], str], models.Model] = {}

    def put(self, model: type[models.Model], key: str, entry: models.Model) -> None:
        """Let `key` lead to this entry, whatever the entry's own key is."""
        self._found[model, key] = entry

    def organization(self, slug: str) -> Organization:
        """The organization with this slug.

        Raises:
            NotInCatalogue: there is none.
        """
        return self._take(Organization, slug, slug=slug)

    def service(self, key: str) -> Service:
        """The service named `organization/service`.

        Raises:
            NotInCatalogue: there is none.
        """
        organization, _, slug = key.partition("/")
        return self._take(Service, key, organization__slug=organization, slug=slug)

    def technique(self, key: str) -> Technique:
        """The technique named `framework/id`.

        Raises:
            NotInCatalogue: there is none.
        """
        framework, _, external_id = key.partition("/")
        return self._take(Technique, key, framework=framework, external_id=external_id)

    def mitigation(self, key: str) -> Mitigation:
        """The mitigation named `framework/id`.

        Raises:
            NotInCatalogue: there is none.
        """
        framework, _, external_id = key.partition("/")
        return self._take(Mitigation, key, framework=framework, external_id=external_id)

    def actor(self, slug: str) -> ThreatActor:
        """The threat actor with this slug.

        Raises:
            NotInCatalogue: there is none.
        """
        return self._take(ThreatActor, slug, slug=slug)

    def tag(self, slug: str) -> Tag:
        """The tag with this slug.

        Raises:
            NotInCatalogue: there is none.
        """
        return self._take(Tag, slug, slug=slug)

    def _take(self, model: type[EntryT], key: str, **lookup: str) -> EntryT:
        found = self._found.get((model, key))
        if found is None:
            found = model._default_manager.filter(**lookup).first()
            if found is None:
                raise NotInCatalogue(f"the catalogue has no {model._meta.verbose_name} “{key}”")
            self._found[model, key] = found
        assert isinstance(found, model)  # noqa: S101  for the type checker
        return found

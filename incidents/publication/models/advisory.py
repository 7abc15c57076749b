"""The projection: one row for each released incident, as lists, filters and pages need it. Rebuilt from the ledger at will."""

from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import TextChoices
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler
from django.urls import reverse
from django.utils.translation import get_language

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.document import AdvisoryDocument
from incidents.publication.models.ledger import Release
from incidents.vocabulary.language_tags import are_akin
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import AttributionStatus, IncidentState, ReleaseKind, Severity


class Facet(TextChoices):
    """What an advisory can be found by, besides its own columns."""

    ORGANIZATION = "organization", "Organisation"
    SECTOR = "sector", "Sector"
    COUNTRY = "country", "Country"
    SERVICE = "service", "Service"
    TECHNIQUE = "technique", "Technique"
    MITIGATION = "mitigation", "Mitigation"
    ACTOR = "actor", "Actor"
    TAG = "tag", "Tag"

    @classmethod
    def rarely_shared(cls) -> frozenset["Facet"]:
        """Facets of which one value seldom names more than a few hundred advisories."""
        return frozenset({cls.ORGANIZATION, cls.SERVICE})


class InOrder(models.Func):
    """A key that SQLite shall not start from: it then walks the rows in the order asked for until a page is full, and looks
    each up in the set of keys, instead of sorting everything that the set holds (16 ms against 136 ms for 32,000 of
    100,000). PostgreSQL decides by its statistics (see the migration `paths_for_filters`).
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:
        """With the sign that keeps SQLite from using an index for it."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class AdvisoryQuerySet(models.QuerySet["Advisory"]):
    """The words in which every door asks for advisories.

    `audience` is who asks; nobody who was not named may see more than the public.
    """

    audience: Audience = PUBLIC

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.audience = self.audience
        return clone

    def visible_to(self, audience: Audience) -> Self:
        """Advisories whose current label this audience may see."""
        seen = self.filter(tlp_rank__lte=audience.highest_rank)
        seen.audience = audience
        return seen

    def standing(self) -> Self:
        """Advisories that are not withdrawn."""
        return self.filter(is_withdrawn=False)

    def open(self) -> Self:
        """Standing advisories about which news is to be expected."""
        return self.filter(is_open=True)

    def having(self, facet: str, *values: str, **qualifiers: object) -> Self:
        """Advisories that carry any of these terms, or any term of the facet where no value is given.

        `having("technique", "attack/T1566", certainty="observed")`.
        """
        terms = AdvisoryTerm.objects.filter(facet=facet, **qualifiers)
        if values:
            terms = terms.filter(value__in=values)
        if facet in Facet.rarely_shared():
            return self.filter(pk__in=terms.values("advisory"))
        return self.among(terms.values("advisory"))

    def among(self, keys: models.QuerySet[Any, Any] | RawSQL) -> Self:
        """Advisories whose primary key a query gives that may find very many."""
        return self.filter(In(InOrder("pk"), keys))

    def newest_first(self) -> Self:
        """The most recently released first; a total order."""
        return self.order_by("-released_at", "-public_id")


class Heading(NamedTuple):
    """A title and the language it is in (BCP 47)."""

    text: str
    language: str


def heading_of(title: str, language: str, brief: dict[str, Any]) -> Heading:
    """The title of an advisory for readers of the language that is active: translated, where its release holds a translation
    for them.

    Args:
        title: the original.
        language: what that is in.
        brief: the advisory's, which holds translated titles by language.
    """
    spoken, titles = get_language() or "", brief.get("titles", {})
    akin = [tag for tag in titles if are_akin(tag, spoken)]
    if not akin or are_akin(language, spoken):
        return Heading(title, language)
    nearest = min(akin, key=lambda tag: tag.lower() != spoken)
    return Heading(titles[nearest], nearest)


class Advisory(models.Model):
    """One released incident as the public doors see it, pointing at its current release."""

    public_id = models.CharField(max_length=30, unique=True)
    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="current_for")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=ReleaseKind)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    severity = models.CharField(max_length=20, choices=Severity)
    severity_rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=IncidentState)
    tlp = models.CharField("TLP", max_length=20, choices=TLP)
    tlp_rank = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=35)
    organization = models.CharField(max_length=200, blank=True, help_text="Name of the primary organization.")
    organization_slug = models.CharField(max_length=80, blank=True)
    occurred_from = models.CharField(max_length=17, blank=True)
    occurred_to = models.CharField(max_length=17, blank=True)
    disclosed = models.CharField(max_length=17, blank=True)
    known_on = models.CharField(
        max_length=17,
        default="",
        help_text="Date of the occurrence, else of the disclosure, else of the first release.",
    )
    year = models.PositiveSmallIntegerField(help_text="Of that date.")
    days_to_disclosure = models.IntegerField(
        null=True, help_text="From the occurrence to the disclosure, where both are known to the day."
    )
    attribution = models.CharField(
        max_length=12,
        choices=AttributionStatus,
        blank=True,
        help_text="How far it is borne out, at best, that somebody named did it; empty where nobody is named.",
    )
    is_exercise = models.BooleanField(default=False)
    is_open = models.BooleanField()
    is_withdrawn = models.BooleanField()
    merged_into = models.CharField(max_length=30, blank=True)
    first_released_at = models.DateTimeField()
    released_at = models.DateTimeField(help_text="Of the current release.")
    reason = models.CharField(max_length=500, help_text="Of the current release.")
    brief: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(
        default=dict,
        help_text="What a list row shows besides: services and techniques by name, translated titles by language.",
    )

    tier = 0
    """How well a row fits a search, where it was found by one."""

    snippet: ClassVar[Any] = None
    """Where the words of a search stand in it."""

    objects: ClassVar[models.Manager["Advisory"]] = AdvisoryQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at", "-public_id"]
        verbose_name_plural = "advisories"
        indexes = [
            models.Index(fields=["-released_at", "-public_id"], name="advisory_newest"),
            models.Index(fields=["-severity_rank", "-released_at", "-public_id"], name="advisory_gravest"),
            models.Index(fields=["-known_on", "-public_id"], name="advisory_by_date"),
            models.Index(
                fields=["-severity_rank", "-released_at"], name="advisory_open", condition=models.Q(is_open=True)
            ),
            models.Index(
                fields=["-released_at", "-public_id"], name="advisory_open_newest", condition=models.Q(is_open=True)
            ),
            models.Index(
                fields=["-released_at", "-public_id"], name="advisory_withdrawn", condition=models.Q(is_withdrawn=True)
            ),
            models.Index(fields=["year", "-released_at"], name="advisory_by_year"),
            models.Index(fields=["is_withdrawn", "tlp_rank"], name="advisory_standing"),
            models.Index(  # holds all that insights count, so that the wide rows need not be read
                fields=[
                    *("is_withdrawn", "tlp_rank", "is_exercise", "year", "severity_rank", "attribution"),
                    *("occurred_from", "disclosed", "days_to_disclosure"),
                ],
                name="advisory_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.title}"

    @property
    def document(self) -> AdvisoryDocument:
        """The document of the current release."""
        return self.release.document

    @property
    def heading(self) -> Heading:
        """Its title for readers of the language that is active."""
        return heading_of(self.title, self.language, self.brief)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return f"{_pages(get_language())}{self.public_id}/"


@lru_cache(maxsize=32)
def _pages(language: str | None) -> str:
    """What the addresses of advisories begin with in a language; every list asks for dozens of them."""
    example = "INC-2025-0001"
    return reverse("advisories:detail", args=[example]).removesuffix(f"{example}/")


class AdvisoryTerm(models.Model):
    """One thing an advisory can be found by: a facet and its value, such as `technique` `attack/T1566`.

    `certainty` qualifies techniques; `role` qualifies organizations.
    """

    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="terms", db_index=False)
    facet = models.CharField(max_length=12, choices=Facet)
    value = models.CharField(max_length=170)
    certainty = models.CharField(max_length=12, blank=True)
    role = models.CharField(max_length=12, blank=True)

    objects: ClassVar[models.Manager["AdvisoryTerm"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "value", "advisory", "certainty", "role"], name="term_once_per_advisory"
            )
        ]
        indexes = [models.Index(fields=["advisory", "facet", "value"], name="term_of_advisory")]

    def __str__(self) -> str:
        return f"{self.facet}={self.value}"

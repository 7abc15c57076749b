"""The text of an incident in another language than the one it was written in."""

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from incidents.record.fields import LONGEST_NARRATIVE, LONGEST_SUMMARY, LanguageField
from incidents.record.models.incident import NARRATIVE, Incident
from incidents.vocabulary.language_tags import LANGUAGE_PATTERN, language_name

BRIEF = ("title", "summary", "who_is_affected", "what_to_do_now")
TRANSLATED = (*BRIEF, *NARRATIVE)
_BOUNDED = [MaxLengthValidator(LONGEST_NARRATIVE)]


class Translation(models.Model):
    """The incident's own texts in one other language. Where one is empty, readers get the original."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="translations")
    language = LanguageField(help_text="BCP 47: zh-Hans, hi, de, fr, es, ar, en, or any other.")
    of_release = models.PositiveIntegerField(
        "release translated",
        validators=[MinValueValidator(1)],
        help_text="Number of the release whose text this translates; readers are told when a later one changed the content.",
    )
    translator = models.CharField(max_length=200, blank=True, help_text="Who translated it, as readers shall see it.")

    title = models.CharField(max_length=200)
    summary = models.TextField(max_length=LONGEST_SUMMARY, blank=True, validators=[MaxLengthValidator(LONGEST_SUMMARY)])
    who_is_affected = models.CharField(max_length=300, blank=True)
    what_to_do_now = models.CharField(max_length=300, blank=True)
    what_happened = models.TextField(blank=True, validators=_BOUNDED)
    impact = models.TextField(blank=True, validators=_BOUNDED)
    who_is_responsible = models.TextField("who is responsible", blank=True, validators=_BOUNDED)
    how_to_stay_protected = models.TextField(blank=True, validators=_BOUNDED)
    takeaway = models.TextField(blank=True, validators=_BOUNDED)

    class Meta:
        ordering = ["language", "pk"]
        constraints = [
            models.UniqueConstraint("incident", Lower("language"), name="translation_once_per_language"),
            models.CheckConstraint(condition=~models.Q(title=""), name="translation_has_title"),
            models.CheckConstraint(condition=models.Q(of_release__gte=1), name="translation_of_a_release"),
            models.CheckConstraint(
                condition=models.Q(language__regex=LANGUAGE_PATTERN), name="translation_language_is_tag"
            ),
        ]

    def __str__(self) -> str:
        return f"{language_name(self.language)}: {self.title}"

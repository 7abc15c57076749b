"""The form for everybody: the fields of a proposal, files, and what tells people from programs."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from incidents.intake.submissions.files import LARGEST_BYTES, MOST_FILES, Inspected, inspect_files
from incidents.intake.submissions.proposal import ProposalForm
from incidents.intake.submissions.receive import Once
from incidents.reporting.stamp import LONGEST_OPEN, SHORTEST_OPEN, Stamp, make_stamp, read_stamp
from incidents.vocabulary.languages import LANGUAGES
from incidents.vocabulary.media_types import ENDINGS
from incidents.vocabulary.tlp import TLP

ANOTHER_LANGUAGE = "und"
OWNER = "form"
SECTIONS = (
    (_("Incident"), ("title", "what_happened", "impact")),
    (_("When and where"), ("occurred_from", "occurred_to", "organization", "service")),
    (_("What it rests on"), ("sources", "techniques", "attachments")),
    (_("You, and who may know"), ("contact_name", "contact_email", "tlp", "language")),
)


class FilesInput(forms.ClearableFileInput):
    """Chooses several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list."""

    widget = FilesInput(attrs={"accept": ",".join(ending for endings in ENDINGS.values() for ending in endings)})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files that came."""
        return list(data) if isinstance(data, list | tuple) else []


class ReportForm(ProposalForm):
    """What a visitor without an account fills in."""

    attachments = FilesField(
        label=_("Files"),
        required=False,
        help_text=_(
            "Up to five, of 10 MB each: pictures, PDF, text, CSV, JSON, captures, archives. Editors alone see them."
        ),
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    tlp = forms.ChoiceField(
        label=_("Who may know it"),
        initial=TLP.CLEAR,
        choices=[
            (TLP.CLEAR.value, _("TLP:CLEAR – everybody")),
            (TLP.GREEN.value, _("TLP:GREEN – those who defend, but not the public")),
            (TLP.AMBER.value, _("TLP:AMBER – partners who need it, and their customers")),
            (TLP.AMBER_STRICT.value, _("TLP:AMBER+STRICT – partners who need it, and nobody else")),
            (TLP.RED.value, _("TLP:RED – the editors, and nobody else")),
        ],
    )
    language = forms.ChoiceField(
        label=_("Language of your text"),
        choices=[*((one.code, one.name) for one in LANGUAGES), (ANOTHER_LANGUAGE, _("Another language"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.initial = {"stamp": make_stamp(), "language": get_language(), **self.initial}
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact_email"].widget.attrs["autocomplete"] = "email"
        self.inspected: list[Inspected] = []

    @property
    def sections(self) -> list[tuple[Any, list[BoundField]]]:
        """The fields that people see, in the order in which they are asked."""
        return [(heading, [self[name] for name in names]) for heading, names in SECTIONS]

    @property
    def stamp_to_show(self) -> str:
        """The mark for the page: the one that came, as long as it is good, so that sending again is known as such."""
        sent = str(self.data.get("stamp", "")) if self.is_bound else ""
        read = read_stamp(sent)
        return sent if read and read.age < LONGEST_OPEN else str(self.initial["stamp"])

    @property
    def came_with_files(self) -> bool:
        """Whether files were sent, which a browser cannot choose again by itself."""
        return any(self.files.values())

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Everything that is wrong: the id of the field, empty for the form as a whole, and a sentence."""
        return [
            ("" if name == NON_FIELD_ERRORS else self[name].id_for_label, str(sentence))
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def clean_attachments(self) -> list[UploadedFile]:
        """Look at the files; they are taken in all together or not at all."""
        sent: list[UploadedFile] = self.cleaned_data["attachments"]
        self.inspected, problems = inspect_files(_contents(sent))
        for problem in problems:
            self.add_error("attachments", problem)
        return sent

    def clean(self) -> dict[str, Any]:
        """The fields together, and whether a person may have filled them in."""
        cleaned = super().clean()
        if cleaned.get("website"):
            self.add_error(
                None,
                gettext(
                    "A field that people do not see was filled in, perhaps by your browser. It is empty again: please send "
                    "once more."
                ),
            )
        stamp = read_stamp(str(cleaned.get("stamp", "")))
        if stamp is None or stamp.age > LONGEST_OPEN:
            self.add_error(
                None, gettext("This form was open for very long. It is fresh again now: please send it once more.")
            )
        elif stamp.age < SHORTEST_OPEN:
            self.add_error(None, gettext("That was very quick. Please wait a moment and send it once more."))
        else:
            self._stamp = stamp
        return cleaned

    @property
    def once(self) -> Once:
        """What makes sending the same form twice one report; another text is another one."""
        stamp: Stamp = self._stamp
        said = hashlib.sha256(repr(self.proposal).encode())
        for file in self.inspected:
            said.update(file.sha256.encode())
        return Once(OWNER, f"{stamp.nonce}.{said.hexdigest()}", said.hexdigest())


def _contents(files: list[UploadedFile]) -> Iterable[tuple[str, bytes]]:
    """Names and contents, one at a time; of what is too large or too many, no more than shows that it is."""
    for file in files[: MOST_FILES + 1]:
        yield file.name or "", file.read(LARGEST_BYTES + 1)

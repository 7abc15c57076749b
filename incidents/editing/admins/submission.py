"""The inbox: what was sent in, to be read in order and decided about."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.timesince import timesince

from incidents.editing.admins.audited import AuditedAdmin
from incidents.editing.admins.reading import ReadOnlyAdmin
from incidents.intake.submissions import decide
from incidents.intake.submissions.decide import SubmissionAct, possible_acts
from incidents.intake.submissions.models import LONGEST_NOTE, WAITING, SentFile, Submission
from incidents.intake.submissions.translate import unknown_names
from incidents.intake.write import DraftError
from incidents.record.workflow import NotAllowed

DETAIL = "admin/incidents/submission/detail.html"


class PileFilter(admin.SimpleListFilter):
    """What still waits, unless something else is asked for."""

    title = "pile"
    parameter_name = "pile"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices beside the usual one."""
        return [("all", "Everything")]

    def choices(self, changelist: Any) -> Any:
        """The usual one, named as what it is, and the other."""
        usual, *others = super().choices(changelist)
        return [{**usual, "display": "Waiting"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        """The submissions of the choice; a choice of a state is not narrowed further."""
        if self.value() == "all" or "state__exact" in request.GET:
            return queryset
        return queryset.filter(state__in=WAITING)


class SubmissionAdmin(ReadOnlyAdmin, AuditedAdmin):
    """Submissions: a list, and one page for each."""

    list_display = ("reference", "title", "who", "state", "age", "number_of_files")
    list_display_links = ("reference", "title")
    list_filter = (PileFilter, "state")
    list_select_related = ("partner",)
    search_fields = ("reference", "title", "organization", "contact_email", "partner__name")
    search_help_text = "Reference, title, organisation, partner or sender’s address"
    ordering = ("-received_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """All of them, with the number of their files."""
        found: QuerySet[Submission] = super().get_queryset(request)
        return found.annotate(file_count=Count("files"))

    @admin.display(description="From", ordering="partner__name")
    def who(self, submission: Submission) -> str:
        """Who sent it, as far as is known."""
        if submission.partner:
            return submission.partner.name
        return submission.contact_name or submission.contact_email or "Nobody named"

    @admin.display(description="Age", ordering="received_at")
    def age(self, submission: Submission) -> str:
        """How long ago it came."""
        return timesince(submission.received_at, depth=1)

    @admin.display(description="Files", ordering="file_count")
    def number_of_files(self, submission: Any) -> int:
        """How many files came with it."""
        return int(submission.file_count)

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the admin and ours."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/decide/", wrap(self.decide_view), name="incidents_submission_decide"),
            path("<int:pk>/files/<int:file>/", wrap(self.file_view), name="incidents_submission_file"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One submission."""
        if not object_id.isascii() or not object_id.isdigit():
            raise Http404("There is no such submission.")
        return self._detail(request, self._submission(request, int(object_id)))

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do an act, and say what came of it."""
        submission = self._submission(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:incidents_submission_change", args=[pk]))
        return self._decide(request, submission)

    def file_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        """A file that came with it, inert: whatever it is, it is saved and never shown.

        Raises:
            Http404: there is none, or it is gone from the storage.
        """
        row = get_object_or_404(SentFile, pk=file, submission=self._submission(request, pk))
        if not row.file.storage.exists(str(row.file.name)):
            raise Http404("The file is not in the storage.")
        response = FileResponse(
            row.file.open(), as_attachment=True, filename=row.name, content_type="application/octet-stream"
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _decide(self, request: HttpRequest, submission: Submission) -> HttpResponse:
        by, reason = _person(request), request.POST.get("reason", "")
        try:
            match request.POST.get("act"):
                case SubmissionAct.REVIEW:
                    decide.begin_review(submission_id=submission.pk, by=by)
                case SubmissionAct.ACCEPT:
                    incident = decide.accept(submission_id=submission.pk, by=by)
                    messages.success(request, f"{incident.public_id} was begun with what was sent.")
                    if unknown := unknown_names(submission):
                        messages.warning(
                            request, f"The catalogue does not know {' and '.join(unknown)}; add it if it fits."
                        )
                    return HttpResponseRedirect(reverse("admin:incidents_incident_change", args=[incident.pk]))
                case SubmissionAct.DECLINE:
                    decide.decline(submission_id=submission.pk, by=by, reason=reason)
                    messages.success(request, f"{submission.reference} is declined; the sender reads why.")
                case SubmissionAct.SPAM:
                    decide.put_aside(submission_id=submission.pk, by=by)
                    messages.success(request, f"{submission.reference} is put aside as spam.")
        except (NotAllowed, DraftError) as refusal:
            return self._detail(request, self._submission(request, submission.pk), str(refusal), reason)
        return HttpResponseRedirect(reverse("admin:incidents_submission_change", args=[submission.pk]))

    def _detail(
        self, request: HttpRequest, submission: Submission, problem: str = "", reason: str = ""
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": submission.reference,
            "opts": self.opts,
            "submission": submission,
            "files": list(submission.files.all()),
            "acts": possible_acts(submission, _person(request)),
            "problem": problem,
            "reason": reason,
            "longest_reason": LONGEST_NOTE,
        }
        return TemplateResponse(request, DETAIL, context, status=409 if problem else 200)

    def _submission(self, request: HttpRequest, pk: int) -> Submission:
        if not self.has_view_permission(request):
            raise PermissionDenied
        known = Submission.objects.select_related("partner", "handled_by", "incident")
        return get_object_or_404(known, pk=pk)


def _person(request: HttpRequest) -> AbstractUser:
    person: Any = request.user
    return person  # type: ignore[no-any-return]

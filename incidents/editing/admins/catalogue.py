"""The admin of what many incidents share."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from incidents.editing.admins.audited import AuditedAdmin
from incidents.publication import review
from incidents.publication.edition import renew_edition
from incidents.publication.models import AdvisoryTerm, Facet
from incidents.record import workflow


class CatalogueAdmin(AuditedAdmin):
    """The admin of something many incidents share. Public pages show it, so that every save begins a new edition.

    An entry that a release names is public already: to change it takes the right to approve. `facet` says under which
    facet advisories name such entries; reference data has none and is always public.
    """

    permanent: tuple[str, ...] = ("slug",)
    facet: Facet | None = None
    list_per_page = 50
    actions = None

    def public_key(self, obj: Any) -> str:
        """The value under which advisories name an entry."""
        return str(obj.slug)

    def is_public(self, obj: Any) -> bool:
        """Whether the world may read this entry: it is reference data, or a release names it."""
        if self.facet is None:
            return True
        return AdvisoryTerm.objects.filter(facet=self.facet, value=self.public_key(obj)).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the person may add entries; reference data takes the right to approve."""
        return super().has_add_permission(request) and (self.facet is not None or _may_approve(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may change this entry; a public one takes the right to approve."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or _may_approve(request) or not self.is_public(obj))

    def render_change_form(  # noqa: PLR0917  as Django calls it
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The page; whoever may only read an entry because it is public is told so."""
        reads_only = obj is not None and request.method == "GET" and not self.has_change_permission(request, obj)
        if reads_only and self.is_public(obj):
            messages.info(request, "This entry is public, so only people who may approve incidents can change it.")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is part of a public address stays as it is once it is there."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, *self.permanent) if obj is not None else fields

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what belongs to the entry, and make public pages show it."""
        super().save_related(request, form, formsets, change)
        renew_edition()
        if change:
            self._tell_whom_it_concerns(request, form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove an entry that nothing rests on, and make public pages forget it."""
        with transaction.atomic():
            super().delete_model(request, obj)
            renew_edition()

    def _tell_whom_it_concerns(self, request: HttpRequest, obj: Any) -> None:
        """Name the incidents on their way to a release that no longer say what was submitted."""
        for public_id in review.changed_by_catalogue(self.public_key(obj)):
            messages.warning(
                request,
                f"{public_id} was submitted before this change and shows it; it has to be submitted and reviewed again.",
            )


def _may_approve(request: HttpRequest) -> bool:
    return request.user.has_perm(workflow.WORKFLOW[workflow.Act.APPROVE].permission)

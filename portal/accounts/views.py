"""The pages of an account that are ours; all others are the sign-in library's, in our templates."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.generic import UpdateView

from incidents.audit.record import record_act
from incidents.editing.admins.values import changed_values
from portal.accounts.forms import ProfileForm
from portal.accounts.models import User


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Lead from the admin's sign-in address to the portal's own, and back to `next` afterwards.

    Raises:
        PermissionDenied: the person is signed in, but is no editor; asking to sign in again would lead in circles.
    """
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("This account is not an editor's.")
    target = request.GET.get("next") or reverse("admin:index")
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


class ProfileView(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own name and time zone."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("account_profile")
    success_message = "Saved."

    def get_object(self, queryset: Any = None) -> User:
        """Oneself, nobody else."""
        user = self.request.user
        if not isinstance(user, User):
            raise PermissionDenied
        return user

    def form_valid(self, form: BaseModelForm) -> HttpResponse:
        """Save, and note in the audit log what changed."""
        with transaction.atomic():
            answer = super().form_valid(form)
            user = self.get_object()
            if detail := changed_values(form, form.changed_data):
                record_act(act="change", target_kind="user", target_id=user.email, by=user, detail=detail)
        return answer

"""The one page of sign-in that is ours; all others are the sign-in library's in our templates."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe


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

"""The admin of accounts."""

from typing import Any

from allauth.account.admin import EmailAddressAdmin as LibraryAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin as LibraryAdmin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest

from incidents.editing.admins.audited import AuditedAdmin
from incidents.editing.admins.values import ValuesAdmin
from portal.accounts.editors import ADDRESS_KIND, vouch_for_address
from portal.accounts.listening import FACTOR_KIND
from portal.accounts.models import User


class AccountCreationForm(AdminUserCreationForm):
    """A new account: an address, a name, a password."""

    class Meta:
        model = User
        fields = ("email", "full_name")


@admin.register(User)
class AccountAdmin(ValuesAdmin, UserAdmin):
    """People who may sign in, and their roles."""

    add_form = AccountCreationForm
    audited_values = ("email", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
    ordering = ("email",)
    list_display = ("email", "full_name", "roles", "is_active", "is_superuser", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    search_fields = ("email", "full_name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "full_name", "time_zone", "password")}),
        ("Role", {"fields": ("is_active", "is_staff", "groups", "is_superuser", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "full_name", "usable_password", "password1", "password2"),
                "description": "Choose the role on the next page.",
            },
        ),
    )

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        """The groups the person belongs to."""
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        """All accounts, their groups fetched in one go."""
        return super().get_queryset(request).prefetch_related("groups")

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Save the account; whoever enters an address here vouches for it."""
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)
        vouch_for_address(obj, by=request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: the audit log and releases name their authors. Make the account inactive instead."""
        return False


admin.site.unregister((Authenticator, EmailAddress, Group))


@admin.register(Group)
class RoleAdmin(ValuesAdmin, GroupAdmin):
    """Roles and what they may do."""

    audited_values = ("name", "permissions")


@admin.register(EmailAddress)
class AddressAdmin(ValuesAdmin, LibraryAddressAdmin):
    """The e-mail addresses of accounts. One stays with its account: another person's is another row."""

    audited_values = ("email", "verified", "primary")

    def audit_key(self, obj: EmailAddress) -> tuple[str, str]:
        """The log calls an address by itself."""
        return ADDRESS_KIND, obj.email

    def note(self, request: HttpRequest, act: str, obj: EmailAddress, detail: dict[str, Any] | None = None) -> None:
        """Write one act into the log, and whose address it is."""
        super().note(request, act, obj, {**(detail or {}), "account": obj.user.email})

    def get_readonly_fields(self, request: HttpRequest, obj: EmailAddress | None = None) -> Any:
        """Whose it is cannot be changed."""
        return ("user",) if obj is not None else ()


@admin.register(Authenticator)
class AuthenticatorAdmin(AuditedAdmin, LibraryAdmin):
    """Second factors, to be removed for who lost theirs. Their secrets are shown to nobody."""

    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def audit_key(self, obj: Authenticator) -> tuple[str, str]:
        """The log names whose factor it is, and of which kind."""
        return FACTOR_KIND, f"{obj.user.email}/{obj.type}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: people set up their own."""
        return False

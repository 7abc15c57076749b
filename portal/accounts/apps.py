"""Django's door to the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of editors; readers need none."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Accounts"

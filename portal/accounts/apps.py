"""Django's door to the accounts."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of editors; readers need none."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Start listening to the sign-in library, whose models can be imported from now on."""
        import_module("portal.accounts.listening").listen()

"""How the sign-in library is bent to our house: nobody signs up; accounts are made by administrators."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """Sign-in for people who have an account already."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made with `make editor` or in the admin."""
        return False

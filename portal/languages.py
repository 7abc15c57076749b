"""The language of an answer: that of its address, and nothing else.

Django's own `LocaleMiddleware` would let pages without a prefix vary by Accept-Language; ours must be the same for everybody.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from incidents.vocabulary.languages import split_language


class LanguageMiddleware:
    """Speaks the language of the address while a request is answered (INV-LANG)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        language, _ = split_language(request.path_info)
        with translation.override(language.code):
            return self.get_response(request)

"""`/api/v1/`: what there is."""

import msgspec
from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from incidents.representations.api.answer import json_answer
from incidents.representations.api.resources import RESOURCES
from incidents.representations.api.view import ApiView

NAMES = ("advisories", "changes", "stream", "exports", *RESOURCES, "facets", "submissions", "webhooks")
Addresses = msgspec.defstruct("Addresses", [(name, str) for name in NAMES], frozen=True, kw_only=True)
Addresses.__doc__ = "Where to begin, by name."


class Index(ApiView):
    """The addresses of the API that lead to all others, by name."""

    shape = Addresses

    def get(self, request: Request) -> HttpResponseBase:
        """The addresses."""
        self.read(request)
        found = Addresses(**{name: f"{settings.SITE_URL}{reverse(f'api:{name}')}" for name in NAMES})
        return json_answer(request, msgspec.json.encode(found))

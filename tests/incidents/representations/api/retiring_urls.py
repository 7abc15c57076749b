"""The site with an address of the API that goes, one that has no date yet, and one that stays."""

import datetime as dt
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path
from rest_framework.request import Request

from incidents.representations.api.answer import json_answer
from incidents.representations.api.retirement import Retirement
from incidents.representations.api.view import ApiView
from portal.urls import handler404 as handler404  # noqa: PLC0414  Django looks for it here
from portal.urls import urlpatterns as site


class Going(ApiView):
    """Goes at a known time; there is something else instead."""

    retirement = Retirement(
        dt.datetime(2026, 1, 2, tzinfo=dt.UTC), dt.datetime(2026, 7, 3, 4, 5, 6, tzinfo=dt.UTC), "/api/v1/tags/"
    )

    def get(self, request: Request, **_: Any) -> HttpResponseBase:
        """An answer with a link of its own."""
        self.read(request)
        return json_answer(request, b"{}", links={"next": "https://tocsin.example/next"})


class Deprecated(Going):
    """Should not be used any more; nobody knows yet when it goes."""

    retirement = Retirement(dt.datetime(2026, 1, 2, tzinfo=dt.UTC))


urlpatterns = [
    path("api/v1/going/", Going.as_view(), name="going"),
    path("api/v1/deprecated/", Deprecated.as_view(), name="deprecated"),
    *site,
]

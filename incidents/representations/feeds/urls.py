"""Addresses of feeds, to be included below `/incidents/`."""

from django.urls import path, register_converter

from incidents.representations.feeds import views
from incidents.representations.feeds.converters import FeedEndingConverter
from incidents.representations.serving import urls as serving  # noqa: F401  knows `public_id`

register_converter(FeedEndingConverter, "feed_ending")

app_name = "feeds"
urlpatterns = [
    path("feed.<feed_ending:ending>", views.list_feed, name="list"),
    path("<public_id:public_id>/feed.<feed_ending:ending>", views.advisory_feed, name="advisory"),
]

"""Addresses of feeds, to be included below `/incidents/`."""

from django.urls import path, register_converter

from incidents.representations.feeds import views
from incidents.representations.feeds.converters import FeedEndingConverter
from incidents.representations.serving.converters import PublicIdConverter

register_converter(FeedEndingConverter, "feed_ending")
register_converter(PublicIdConverter, "public_id")

app_name = "feeds"
urlpatterns = [
    path("feed.<feed_ending:ending>", views.list_feed, name="list"),
    path("<public_id:public_id>/feed.<feed_ending:ending>", views.advisory_feed, name="advisory"),
]

"""Addresses below `/partners/`."""

from django.urls import path

from portal.partners import views

urlpatterns = [
    path("", views.home, name="home"),
    path("keys/make/", views.make, name="make"),
    path("keys/<slug:prefix>/rotate/", views.rotate, name="rotate"),
    path("keys/<slug:prefix>/revoke/", views.revoke, name="revoke"),
]

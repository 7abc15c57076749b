"""Addresses below `/schema/`."""

from django.urls import path

from incidents.representations.json import views

app_name = "schema"
urlpatterns = [path("advisory-1.json", views.schema, name="advisory")]

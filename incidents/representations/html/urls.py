"""Addresses of pages: those of advisories, to be included below `/incidents/`, and those at the top."""

from django.urls import path

from incidents.representations.html import views
from incidents.representations.html.about import about
from incidents.representations.html.card import card
from incidents.representations.html.icons import favicon
from incidents.representations.html.opensearch import opensearch
from incidents.representations.html.related import related
from incidents.representations.serving import urls as serving

advisory_patterns = [
    path("<public_id:public_id>/history/", views.history, name="history"),
    path("<public_id:public_id>/related/", related, name="related"),
    path("<public_id:public_id>/releases/<int:number>/", views.release, name="release"),
    path("<public_id:public_id>/changes/<int:old>..<int:new>/", views.changes, name="changes"),
    path("<public_id:public_id>/changes/", views.compare, name="compare"),
    path("<public_id:public_id>/card/", card, name="card"),
    *serving.urlpatterns,
]

urlpatterns = [
    path("about/", about, name="about"),
    path("favicon.ico", favicon, name="favicon"),
    path("opensearch.xml", opensearch, name="opensearch"),
]

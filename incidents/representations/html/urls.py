"""Addresses of pages and of what belongs to them. `portal/urls.py` says below which prefix each stands.

Pages exist in every language; files and renditions, the card of an advisory among them, only in the default one.
"""

from django.urls import path

from incidents.representations.html import views
from incidents.representations.html.about import about
from incidents.representations.html.card import card
from incidents.representations.html.icons import favicon
from incidents.representations.html.opensearch import opensearch
from incidents.representations.html.related import related
from incidents.representations.serving import urls as serving

about_page = [path("about/", about, name="about")]
advisories = [
    path("<public_id:public_id>/", views.detail, name="detail"),
    path("<public_id:public_id>/history/", views.history, name="history"),
    path("<public_id:public_id>/related/", related, name="related"),
    path("<public_id:public_id>/releases/<int:number>/", views.release, name="release"),
    path("<public_id:public_id>/changes/<int:old>..<int:new>/", views.changes, name="changes"),
    path("<public_id:public_id>/changes/", views.compare, name="compare"),
]
renditions = [path("<public_id:public_id>/card/", card, name="card"), *serving.urlpatterns]
files = [
    path("favicon.ico", favicon, name="favicon"),
    path("opensearch.xml", opensearch, name="opensearch"),
]

"""Addresses of the front page, the list, the catalogue and the sitemap. `portal/urls.py` says below which prefix each stands."""

from django.urls import path, register_converter

from incidents.representations.html import actors, frameworks, front, indexes, listing, organizations, sitemap
from incidents.representations.serving.converters import ExternalIdConverter

register_converter(ExternalIdConverter, "external_id")

front_page = [path("", front.front, name="front")]
advisories = [path("", listing.advisory_list, name="list")]
sitemaps = [
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap"),
    path("sitemap-<slug:name>-<int:number>.xml", sitemap.sitemap_file, name="sitemap_file"),
]
catalogue = {
    "organizations": [
        path("", organizations.organization_list, name="list"),
        path("<slug:slug>/", organizations.organization_detail, name="detail"),
    ],
    "services": [
        path("", organizations.service_list, name="list"),
        path("<slug:organization>/<slug:slug>/", organizations.service_detail, name="detail"),
    ],
    "techniques": [
        path("", frameworks.technique_list, name="list"),
        path("<slug:framework>/<external_id:external_id>/", frameworks.technique_detail, name="detail"),
    ],
    "mitigations": [
        path("", frameworks.mitigation_list, name="list"),
        path("<slug:framework>/<external_id:external_id>/", frameworks.mitigation_detail, name="detail"),
    ],
    "actors": [
        path("", indexes.actor_list, name="list"),
        path("<slug:slug>/", actors.actor_detail, name="detail"),
    ],
    "tags": [
        path("", indexes.tag_list, name="list"),
        path("<slug:slug>/", actors.tag_detail, name="detail"),
    ],
}

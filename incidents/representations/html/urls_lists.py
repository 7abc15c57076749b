"""Addresses of the front page, the list, the catalogue and the sitemap. `portal/urls.py` says below which prefix each stands."""

from django.urls import path, register_converter

from incidents.representations.html import (
    actors,
    archive,
    frameworks,
    front,
    indexes,
    listing,
    matrix,
    organizations,
    services,
    sitemap,
    suggesting,
)
from incidents.representations.html.insights import files, views
from incidents.representations.serving.converters import (
    ExternalIdConverter,
    MonthConverter,
    RoleConverter,
    YearConverter,
)

register_converter(ExternalIdConverter, "external_id")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")
register_converter(RoleConverter, "role")

front_page = [path("", front.front, name="front")]
advisories = [
    path("", listing.advisory_list, name="list"),
    path("suggest.json", suggesting.suggest, name="suggest"),
    path("calendar/", archive.year_list, name="calendar"),
    path("<year:year>/", archive.year_page, name="year"),
    path("<year:year>/<month:month>/", archive.month_page, name="month"),
]
insights = [
    path("", views.insights, name="index"),
]
insight_files = [
    path("<slug:insight>.csv", files.insight_csv, name="csv"),
    path("<slug:insight>.svg", files.insight_svg, name="svg"),
]
sitemaps = [
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap"),
    path("sitemap-<slug:name>-<int:number>.xml", sitemap.sitemap_file, name="sitemap_file"),
]
catalogue = {
    "organizations": [
        path("", organizations.organization_list, name="list"),
        path("<slug:slug>/", organizations.organization_detail, name="detail"),
        path("<slug:slug>/<role:role>/", organizations.organization_role, name="role"),
    ],
    "services": [
        path("", services.service_list, name="list"),
        path("<slug:organization>/<slug:slug>/", services.service_detail, name="detail"),
    ],
    "techniques": [
        path("", frameworks.technique_list, name="list"),
        path("<slug:framework>/", matrix.technique_matrix, name="matrix"),
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

"""Addresses below `/api/v1/`, in the namespace `api`."""

from django.urls import path, register_converter

from incidents.representations.api.advisories import (
    AdvisoryList,
    AdvisoryOne,
    ReleaseDifference,
    ReleaseList,
    ReleaseOne,
)
from incidents.representations.api.catalogue import LISTS, ONES
from incidents.representations.api.changes import ChangeList
from incidents.representations.api.exports import ExportFile, ExportList
from incidents.representations.api.facets import FacetList
from incidents.representations.api.index import Index
from incidents.representations.api.schema.views import OpenApiJson, OpenApiYaml
from incidents.representations.api.stream import ChangeStream
from incidents.representations.api.webhooks.urls import webhooks
from incidents.representations.serving import urls as serving  # noqa: F401  knows `public_id`
from incidents.representations.serving.converters import ExportFileConverter, ExternalIdConverter

register_converter(ExternalIdConverter, "entry_id")
register_converter(ExportFileConverter, "export_file")

_PARTS = {
    "organizations": "<slug:slug>",
    "services": "<slug:organization>/<slug:slug>",
    "techniques": "<slug:framework>/<entry_id:external_id>",
    "mitigations": "<slug:framework>/<entry_id:external_id>",
    "actors": "<slug:slug>",
    "tags": "<slug:slug>",
}

version_1 = [
    path("", Index.as_view(), name="index"),
    path("advisories/", AdvisoryList.as_view(), name="advisories"),
    path("advisories/<public_id:public_id>/", AdvisoryOne.as_view(), name="advisory"),
    path("advisories/<public_id:public_id>/releases/", ReleaseList.as_view(), name="releases"),
    path("advisories/<public_id:public_id>/releases/<int:number>/", ReleaseOne.as_view(), name="release"),
    path(
        "advisories/<public_id:public_id>/changes/<int:old>..<int:new>/",
        ReleaseDifference.as_view(),
        name="difference",
    ),
    path("changes/", ChangeList.as_view(), name="changes"),
    path("changes/stream/", ChangeStream.as_view(), name="stream"),
    path("exports/", ExportList.as_view(), name="exports"),
    path("exports/<export_file:file>", ExportFile.as_view(), name="export"),
    path("facets/", FacetList.as_view(), name="facets"),
    *webhooks,
    *(path(f"{name}/", view, name=name) for name, view in LISTS.items()),
    *(path(f"{name}/{_PARTS[name]}/", view, name=f"{name}_one") for name, view in ONES.items()),
]

schema = [
    path("", OpenApiJson.as_view(), name="json"),
    path("openapi.yaml", OpenApiYaml.as_view(), name="yaml"),
]


def parameter_names() -> frozenset[str]:
    """The name of every parameter that any address of the API knows."""
    views = [pattern.callback.view_class for pattern in version_1]
    declared = {parameter.name for view in views for parameter in view.parameters}
    return frozenset(declared.union(*(view.filters.base_filters for view in views if view.filters)))

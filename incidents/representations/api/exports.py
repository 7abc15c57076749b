"""`exports`: files with everything that the caller may see, for a first copy, and where `changes` goes on from each."""

import msgspec
from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from incidents.representations.api.answer import Everything, json_answer
from incidents.representations.api.exporting.packing import PACKINGS
from incidents.representations.api.exporting.ranges import file_answer
from incidents.representations.api.exporting.shelf import Export, exports_ready, folder
from incidents.representations.api.problems import NOT_FOUND, RANGE_NOT_SATISFIABLE, Problem
from incidents.representations.api.view import ApiView

MEDIA_TYPES = {packing.name: packing.media_type for packing in PACKINGS}


class ListedExport(Export, frozen=True, kw_only=True):
    """An export, and where it is."""

    media_type: str
    url: str


class ExportList(ApiView):
    """The exports that are ready, the newest first."""

    shape, listing = ListedExport, Everything

    def get(self, request: Request) -> HttpResponseBase:
        """What is said about each. No query."""
        self.read(request)
        ready = exports_ready(self.audience)
        rows = [listed(export) for export in ready]
        modified = ready[0].built_at if ready else None
        return json_answer(request, msgspec.json.encode({"data": rows}), modified=modified)


class ExportFile(ApiView):
    """A file, as a stream; it never changes, and ranges of it may be asked for."""

    shape, problems, media_types = bytes, (RANGE_NOT_SATISFIABLE,), tuple(MEDIA_TYPES.values())

    def get(self, request: Request, file: str) -> HttpResponseBase:
        """The bytes. No query."""
        self.read(request)
        found = next((export for export in exports_ready(self.audience) if export.file == file), None)
        path = folder(self.audience) / file
        if found is None or not path.is_file():
            raise Problem(NOT_FOUND, "There is no such export; newer ones have taken its place.")
        return file_answer(request, path, etag=f'"{found.sha256[:32]}"', media_type=MEDIA_TYPES[found.compression])


def listed(export: Export) -> ListedExport:
    """An export as the list gives it."""
    url = settings.SITE_URL + reverse("api:export", args=[export.file])
    return ListedExport(**msgspec.structs.asdict(export), media_type=MEDIA_TYPES[export.compression], url=url)

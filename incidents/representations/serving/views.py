"""The addresses of stored renditions. The fast lane answers most requests before they come here."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.publication.models import Release
from incidents.publication.registry import Format, format_of_suffix
from incidents.publication.renditions import rendition_of
from incidents.representations.serving.find import find_advisory, find_attachment, find_release
from incidents.vocabulary.files import content_path


@require_safe
def current(request: HttpRequest, public_id: str, suffix: str = "/") -> HttpResponse:
    """The current release of an advisory in the format of the suffix; `/` is the page."""
    form = _format_or_404(suffix)
    if public_id != public_id.upper():
        return HttpResponsePermanentRedirect(_address(public_id.upper(), suffix))
    advisory = find_advisory(public_id)
    if advisory.merged_into:
        return HttpResponsePermanentRedirect(_address(advisory.merged_into, suffix))
    return _answer(advisory.release, form)


@require_safe
def release(request: HttpRequest, public_id: str, number: int, suffix: str) -> HttpResponse:
    """One release of an advisory, for ever, in the format of the suffix."""
    form = _format_or_404(suffix)
    if public_id != public_id.upper():
        return HttpResponsePermanentRedirect(reverse("renditions:release", args=[public_id.upper(), number, suffix]))
    return _answer(find_release(public_id, number), form)


@require_safe
def attachment(request: HttpRequest, public_id: str, sha256: str) -> FileResponse:
    """A file that a visible release names, served inert (INV-TEXT): to be saved, never shown or run in our name."""
    kept = find_attachment(public_id, sha256)
    try:
        content = default_storage.open(content_path(kept.sha256))
    except FileNotFoundError:
        raise Http404("This file is missing from the storage.") from None
    response = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Length"] = str(kept.size)
    return response


def _address(public_id: str, suffix: str) -> str:
    if suffix == "/":
        return reverse("advisories:detail", args=[public_id])
    return reverse("renditions:current", args=[public_id, suffix])


def _format_or_404(suffix: str) -> Format:
    form = format_of_suffix(suffix)
    if form is None:
        raise Http404(f"No advisory can be read as {suffix}.")
    return form


def _answer(of: Release, form: Format) -> HttpResponse:
    stored = rendition_of(of, form)
    response = HttpResponse(bytes(stored.body), content_type=form.media_type)
    response.headers["ETag"] = f'"{stored.etag}"'
    response.headers["Last-Modified"] = f"{of.released_at:%a, %d %b %Y %H:%M:%S} GMT"
    return response

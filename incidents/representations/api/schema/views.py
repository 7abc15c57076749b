"""`/api/schema/`: the OpenAPI document, as JSON and as YAML."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.representations.api.answer import json_answer
from incidents.representations.api.schema.document import as_json, as_yaml, openapi_document
from incidents.representations.api.view import ApiView

YAML_TYPE = "application/yaml"  # RFC 9512


class OpenApiJson(ApiView):
    """The OpenAPI document."""

    schema = None

    def get(self, request: Request) -> HttpResponseBase:
        """The document as JSON. No query."""
        self.read(request)
        return json_answer(request, as_json(openapi_document(settings.SITE_URL, settings.SITE_NAME)))


class OpenApiYaml(ApiView):
    """The OpenAPI document for people."""

    schema = None

    def get(self, request: Request) -> HttpResponseBase:
        """The document as YAML. No query."""
        self.read(request)
        body = as_yaml(openapi_document(settings.SITE_URL, settings.SITE_NAME))
        return HttpResponse(body, content_type=YAML_TYPE)

"""Addresses of renditions but for pages, to be included below `/incidents/` in the `renditions` namespace."""

from django.urls import path, register_converter

from incidents.representations.serving import views
from incidents.representations.serving.converters import PublicIdConverter, Sha256Converter, SuffixConverter

register_converter(PublicIdConverter, "public_id")
register_converter(Sha256Converter, "sha256")
register_converter(SuffixConverter, "suffix")

urlpatterns = [
    path("<public_id:public_id><suffix:suffix>", views.current, name="current"),
    path("<public_id:public_id>/releases/<int:number><suffix:suffix>", views.release, name="release"),
    path("<public_id:public_id>/files/<sha256:sha256>/", views.attachment, name="attachment"),
]

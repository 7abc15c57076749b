"""Stored bytes of representations."""

from typing import ClassVar

from django.db import models

from incidents.publication.models.ledger import Release


class Rendition(models.Model):
    """What one release looks like in one format, with its compressed twins. A cache that can be thrown away.

    `build` names the code and templates that made it; a rendition of another build is made anew when asked for.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="renditions")
    format = models.CharField(max_length=20)
    build = models.CharField(max_length=16)
    etag = models.CharField(max_length=64)
    body = models.BinaryField()
    body_gzip = models.BinaryField()
    body_brotli = models.BinaryField()

    objects: ClassVar[models.Manager["Rendition"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "format"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.release} as {self.format}"

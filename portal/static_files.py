"""How static files are named: by a hash of their content, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class LenientStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names where `collectstatic` made them; the plain name for a file that it has not seen yet."""

    def stored_name(self, name: str) -> str:
        """The name under which `name` is served."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

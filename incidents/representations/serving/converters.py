"""Path converters for public addresses."""

from incidents.vocabulary.identifiers import PUBLIC_ID_PATTERN


class PublicIdConverter:
    """A public id in any spelling of its letters; views redirect to the canonical one."""

    regex = f"(?i:{PUBLIC_ID_PATTERN})"

    def to_python(self, value: str) -> str:
        """The id as it was written."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it is."""
        return value


class SuffixConverter:
    """How the address of a representation ends: `.json`, `.stix.json`."""

    regex = r"\.[a-z][a-z0-9]*(?:\.[a-z][a-z0-9]*)?"

    def to_python(self, value: str) -> str:
        """The suffix as it was written."""
        return value

    def to_url(self, value: str) -> str:
        """The suffix as it is."""
        return value


class ExternalIdConverter:
    """An id as a framework writes it, in any spelling of its letters: `T1566.001`, `AML.T0051`; no control characters."""

    regex = r"[^/\x00-\x1f\x7f]{1,24}"

    def to_python(self, value: str) -> str:
        """The id as it was written."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it is."""
        return value


class Sha256Converter:
    """Sixty-four hexadecimal digits in lower case."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """The digits."""
        return value

    def to_url(self, value: str) -> str:
        """The digits."""
        return value

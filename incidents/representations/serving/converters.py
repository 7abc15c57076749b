"""Path converters for public addresses."""

from incidents.vocabulary.identifiers import PUBLIC_ID_PATTERN
from incidents.vocabulary.words import OrganizationRole


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


class YearConverter:
    """A year in four digits."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        """The year as a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The year in four digits."""
        return f"{value:04d}"


class MonthConverter:
    """A month in two digits."""

    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        """The month as a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The month in two digits."""
        return f"{value:02d}"


class RoleConverter:
    """What an organization has to do with incidents, in a word; `named` where it has no role."""

    regex = "|".join([*OrganizationRole.values, "named"])

    def to_python(self, value: str) -> str:
        """The word."""
        return value

    def to_url(self, value: str) -> str:
        """The word as it is."""
        return value


class ExportFileConverter:
    """The name of a file with everything."""

    regex = r"[a-z]+-[0-9a-f]{32}\.(?:ndjson|csv|sqlite3|stix\.json)\.(?:gz|zst)"

    def to_python(self, value: str) -> str:
        """The name as it was written."""
        return value

    def to_url(self, value: str) -> str:
        """The name as it is."""
        return value

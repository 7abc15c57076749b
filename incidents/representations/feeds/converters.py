"""The path converter for addresses of feeds."""

from incidents.representations.feeds.formats import FORMATS


class FeedEndingConverter:
    """How the address of a feed ends after `feed.`: one of the formats."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        """The ending as it was written."""
        return value

    def to_url(self, value: str) -> str:
        """The ending as it is."""
        return value

"""The counts: do they say how many advisories of the projection carry each value?"""

from collections.abc import Callable, Iterator

from incidents.publication.models import Tally
from incidents.publication.tallies import find_miscounts


def rows_to_verify() -> int:
    """How many counts are kept."""
    return Tally.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """A sentence for each count that is wrong."""
    yield from find_miscounts()
    on_progress(rows_to_verify())

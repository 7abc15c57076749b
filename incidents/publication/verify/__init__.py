"""Verifying: is what was released still what was released, and does everything derived from it still say the same?"""

from collections.abc import Callable, Iterator
from types import ModuleType

from incidents.publication.verify import attachments, counts, log, projection, releases, renditions, texts

PARTS = (releases, log, projection, counts, texts, renditions, attachments)
SLOW = (renditions, attachments)


def find_damage(*, quick: bool = False, on_progress: Callable[[int], object] = lambda count: None) -> Iterator[str]:
    """Everything that is wrong, a sentence for each damaged row; nothing if all is well.

    Args:
        quick: leave out stored renditions and files.
        on_progress: told how many rows were looked at since it was last told.
    """
    for part in _parts(quick):
        yield from part.find_damage(on_progress)


def rows_to_verify(*, quick: bool = False) -> int:
    """How many rows `find_damage` looks at."""
    return sum(part.rows_to_verify() for part in _parts(quick))


def _parts(quick: bool) -> list[ModuleType]:
    return [part for part in PARTS if not (quick and part in SLOW)]

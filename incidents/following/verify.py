"""Whether a copy is what its portal tells: every release once, with the bytes that have the portal's SHA-256."""

from collections.abc import Callable, Iterator

import msgspec

from incidents.following.copy_file import CopyFile
from incidents.following.remote import EXPORTED, MOST_ROWS, RemotePortal, Told

_TEMPORARY = (
    "CREATE TEMP TABLE told (place INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE missing (id, number, UNIQUE (id, number))",
)
_ADVISORIES = """
WITH last AS (
    SELECT id, number, CASE
        WHEN event IN ('withdrawn', 'merged') THEN event
        WHEN event = 'exported' AND kind = 'withdrawal' THEN iif(merged_into = '', 'withdrawn', 'merged')
        ELSE 'current' END AS standing, merged_into
    FROM releases AS r WHERE NOT EXISTS (SELECT 1 FROM releases AS n WHERE n.id = r.id AND n.number > r.number)
), shown AS (SELECT id, number, standing, merged_into FROM advisories)
SELECT id FROM (SELECT * FROM last EXCEPT SELECT * FROM shown)
UNION SELECT id FROM (SELECT * FROM shown EXCEPT SELECT * FROM last)
"""


_NOT_IN_EXPORT = """
DELETE FROM missing WHERE EXISTS (
    SELECT 1 FROM releases AS r WHERE r.id = missing.id AND r.event = 'exported' AND r.number > missing.number
)
"""


class Comparison:
    """A copy beside its portal. Iterating tells each difference as a sentence; memory does not grow with the copy.

    Attributes:
        behind: how many releases came after those of the copy; no difference, only news. Known when it has been iterated.
    """

    def __init__(
        self,
        portal: RemotePortal,
        copy: CopyFile,
        *,
        limit: int = MOST_ROWS,
        on_progress: Callable[[int], object] = lambda rows: None,
    ) -> None:
        self.portal = portal
        self.copy = copy
        self.limit = limit
        self.on_progress = on_progress
        self.behind = 0

    def __iter__(self) -> Iterator[str]:
        """Every difference.

        The portal is asked from the beginning, then from the copy's cursor on: what lacks in the copy and does not come
        after its cursor was lost. In a copy that began with an export, the releases before those of the export are no loss.

        Raises:
            FollowFault: the portal does not answer, or the file cannot be read.
        """
        with self.copy.snapshot():
            for statement in _TEMPORARY:
                self.copy.connection.execute(statement)
            for told in self._walk(""):
                yield from self._compare(told)
            self.copy.connection.execute(_NOT_IN_EXPORT)
            for told in self._walk(self.copy.cursor):
                self.behind += self._forget_missing(told)
            yield from self._what_is_left()

    def _walk(self, after: str) -> Iterator[Told]:
        is_end = False
        while not is_end:
            page = self.portal.changes(after=after, limit=self.limit, is_slim=True)
            yield from page.data
            after, is_end = page.next, page.end

    def _compare(self, told: Told) -> Iterator[str]:
        stored = self.copy.find(told.id, told.number)
        if stored is None:
            self.copy.connection.execute("INSERT INTO missing VALUES (?, ?)", (told.id, told.number))
            return
        self.copy.connection.execute("INSERT INTO told VALUES (?)", (stored.place,))
        self.on_progress(1)
        if stored.sha256 != told.sha256:
            yield f"{told.id}, release {told.number}: the document has another SHA-256 than the portal’s."
        elif not _say_the_same(stored.told, told):
            yield f"{told.id}, release {told.number}: the portal says otherwise about it than the copy."

    def _forget_missing(self, told: Told) -> int:
        condition = (told.id, told.number)
        return self.copy.connection.execute("DELETE FROM missing WHERE id = ? AND number = ?", condition).rowcount

    def _what_is_left(self) -> Iterator[str]:
        execute = self.copy.connection.execute
        for public_id, number in execute("SELECT id, number FROM missing ORDER BY rowid"):
            yield f"{public_id}, release {number}: the copy does not have it."
        surplus = "SELECT id, number FROM releases WHERE place NOT IN (SELECT place FROM told) ORDER BY place"
        for public_id, number in execute(surplus):
            yield f"{public_id}, release {number}: the portal does not have it."
        for (public_id,) in execute(_ADVISORIES):
            yield f"{public_id}: the copy does not show its last release."


def _say_the_same(stored: Told, told: Told) -> bool:
    """Whether a release is told as it was stored. An export does not say what a release changed."""
    if stored.event == EXPORTED:
        stored = msgspec.structs.replace(stored, event=told.event, changed=told.changed)
    return stored == told

"""From where the copy stands to the portal's end, page by page."""

from collections.abc import Callable

from incidents.following.copy_file import CopyFile
from incidents.following.remote import MOST_ROWS, Page, RemotePortal


def mirror(
    portal: RemotePortal,
    copy: CopyFile,
    *,
    limit: int = MOST_ROWS,
    wait: int = 0,
    on_page: Callable[[Page], object] = lambda page: None,
) -> int:
    """Bring a copy up to what the portal tells now. It may be stopped at any moment, and goes on from there the next time.

    Args:
        portal: what is followed.
        copy: where it is kept.
        limit: how many releases to ask for at a time.
        wait: how many seconds the portal may take to answer where there is nothing new.
        on_page: told of each page that has been stored.

    Returns:
        How many releases are new in the copy.

    Raises:
        FollowFault: it cannot go on; what was stored stays.
    """
    stored = 0
    while True:
        after = copy.cursor
        page = portal.changes(after=after, limit=limit, wait=wait)
        copy.store(page, after=after)
        stored += len(page.data)
        on_page(page)
        if page.end:
            return stored

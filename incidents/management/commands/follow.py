"""`manage.py follow`: a complete copy of what a portal publishes, and the proof that it is one."""

import math
import os
import re
import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from incidents.following.beginning import begin_with_export
from incidents.following.copy_file import CopyFile
from incidents.following.faults import FILE_FAULT, PORTAL_FAULT, FollowFault, UnusableFile
from incidents.following.fetching import PATIENCE_SECONDS, Fetcher
from incidents.following.mirror import mirror
from incidents.following.remote import MOST_ROWS, Page, RemotePortal
from incidents.following.verify import Comparison
from incidents.management.commands import ExampleCommand

DIFFERS, STOPPED = 1, 130
KEY_VARIABLE = "TOCSIN_KEY"
KEY = re.compile(r"[A-Za-z0-9_.~+/=-]*", re.ASCII)  # what may stand after “Bearer”: RFC 6750, section 2.1
PRIVATE = 0o077
WAIT_SECONDS = 30
"""How long the portal may take to answer where there is nothing new; it answers at once when there is."""


class Command(ExampleCommand):
    """Follow a portal into a file, or compare the file with the portal."""

    help = (
        "Keep a complete copy of everything a portal publishes in one SQLite file: every release with the bytes of its "
        "document, and what became of each advisory; with a partner’s key of all that the partner may see. It may be stopped or "
        "killed at any moment; the next run goes on from there, misses nothing and stores nothing twice. A portal that is away "
        "or asks to wait is waited for."
    )
    examples = f"""  manage.py follow https://advisories.example.org --into advisories.sqlite3
  manage.py follow https://advisories.example.org --into advisories.sqlite3 --from-export
  manage.py follow https://advisories.example.org --into advisories.sqlite3 --watch 60
  manage.py follow https://advisories.example.org --into advisories.sqlite3 --verify
  manage.py follow https://advisories.example.org --into restricted.sqlite3 --key-file ~/.tocsin-key
  sqlite3 advisories.sqlite3 "SELECT id, document FROM advisories JOIN releases USING (id, number) WHERE standing = 'current'"

exit status:
  0  the copy has everything, or with --verify: is the same as the portal
  {DIFFERS}  with --verify: the copy differs, and each difference is named
  {PORTAL_FAULT}  the portal cannot be followed: not reached, not trusted, no portal, a key refused, or a wrong answer
  {FILE_FAULT}  the file cannot be used: no copy, a copy of another portal, or not to be written
  {STOPPED}  stopped with Ctrl-C"""  # noqa: S608  an example
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("url", metavar="URL", help="the portal’s address, such as https://advisories.example.org")
        parser.add_argument(
            "--into", type=Path, required=True, metavar="FILE", help="the copy; made if it is not there"
        )
        act = parser.add_mutually_exclusive_group()
        act.add_argument(
            "--verify",
            action="store_true",
            help="follow nothing; compute the SHA-256 of every document in the copy and compare with the portal’s",
        )
        act.add_argument(
            "--watch",
            type=seconds,
            metavar="SECONDS",
            help="go on: the portal tells of each release as it comes, and is asked every so many seconds where it cannot",
        )
        parser.add_argument(
            "--from-export",
            action="store_true",
            help="begin an empty copy with the portal’s newest export: quicker, and without the releases before the last of "
            "each advisory. A copy that has begun goes on as without it",
        )
        parser.add_argument(
            "--key-file",
            type=Path,
            metavar="FILE",
            help=f"a file with a partner’s key and nothing else; without it, the key is what {KEY_VARIABLE} in the environment "
            "holds. Others on this machine cannot read the copy, and it goes on with a key only",
        )
        parser.add_argument(
            "--limit", type=rows, default=MOST_ROWS, metavar="N", help=f"releases to ask for at a time ({MOST_ROWS})"
        )
        parser.add_argument(
            "--patience",
            type=seconds,
            metavar="SECONDS",
            help=f"how long to wait in all for one answer ({PATIENCE_SECONDS:.0f}; with --watch for ever)",
        )

    def handle(self, *args: Any, url: str, into: Path, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: the portal cannot be followed, the file cannot be used, or the copy differs.
        """
        for_ever = math.inf if options["watch"] is not None else PATIENCE_SECONDS
        patience = for_ever if options["patience"] is None else options["patience"]
        self.is_quiet = options["verbosity"] == 0
        usual = os.umask(PRIVATE)
        try:
            key = read_key(options["key_file"])
            if not key:
                os.umask(usual)
            portal = RemotePortal(url, Fetcher(patience=patience, on_pause=self.tell_pause, key=key))
            with CopyFile(into, portal=portal.name(), has_key=bool(key), must_exist=options["verify"]) as copy:
                if options["verify"]:
                    self.verify(portal, copy, limit=options["limit"])
                else:
                    if options["from_export"]:
                        self.begin(portal, copy)
                    self.follow(portal, copy, limit=options["limit"], watch=options["watch"])
        except FollowFault as fault:
            raise CommandError(str(fault), returncode=fault.exit_code) from None
        except KeyboardInterrupt:
            self.stderr.write("\nStopped; the next run goes on from here.")
            sys.exit(STOPPED)
        finally:
            os.umask(usual)

    def begin(self, portal: RemotePortal, copy: CopyFile) -> None:
        """Begin an empty copy with an export, if there is one."""
        with tqdm(unit="B", unit_scale=True, disable=True if self.is_quiet else None, leave=False) as bar:
            rows = begin_with_export(
                portal, copy, on_begin=lambda export: bar.reset(export.bytes), on_progress=bar.update
            )
        if rows is not None:
            self.tell(f"The export held {rows} advisories.")
        elif not copy.cursor:
            self.tell("There is no export to begin with; following from the first release.")

    def follow(self, portal: RemotePortal, copy: CopyFile, *, limit: int, watch: float | None) -> None:
        """Bring the copy up to date; again and again if it is to watch."""
        is_first = True
        while True:
            wait = 0 if is_first else WAIT_SECONDS
            asked_at = time.monotonic()
            with self.progress() as bar:

                def show(page: Page, bar: Any = bar) -> None:
                    bar.update(len(page.data))
                    bar.set_postfix_str(page.data[-1].released_at[:10] if page.data else "")

                stored = mirror(portal, copy, limit=limit, wait=wait, on_page=show)
            if stored or is_first:
                self.tell(
                    f"{stored} new releases; {self.extent(copy)}, up to {copy.last_released_at or 'nothing yet'}."
                )
            if watch is None:
                return
            has_waited = time.monotonic() - asked_at >= WAIT_SECONDS / 2
            if not is_first and not stored and not has_waited:
                time.sleep(watch)  # it does not know waiting, or has no place for us
            is_first = False

    def verify(self, portal: RemotePortal, copy: CopyFile, *, limit: int) -> None:
        """Compare the copy with the portal.

        Raises:
            CommandError: it differs.
        """
        differences = 0
        with self.progress(total=copy.count()) as bar:
            comparison = Comparison(portal, copy, limit=limit, on_progress=bar.update)
            for difference in comparison:
                differences += 1
                bar.clear()
                self.stderr.write(self.style.ERROR(difference))
        if differences:
            raise CommandError(f"{differences} differences from {portal.address}.", returncode=DIFFERS)
        behind = f"; {comparison.behind} newer ones are still to be followed" if comparison.behind else ""
        self.tell(f"The copy is the same as the portal: {self.extent(copy)}{behind}.")

    def progress(self, total: int | None = None) -> Any:
        """A bar on a terminal."""
        return tqdm(total=total, unit="release", disable=True if self.is_quiet else None, leave=False)

    def tell(self, sentence: str) -> None:
        """Say it at once, also to a pipe."""
        if not self.is_quiet:
            self.stdout.write(sentence)
            self.stdout.flush()

    def tell_pause(self, why: str, pause: float) -> None:
        """Say why nothing happens."""
        if not self.is_quiet:
            self.stderr.write(f"{why}; asking again in {pause:.0f} s.")

    def extent(self, copy: CopyFile) -> str:
        """How much the copy holds."""
        return f"{copy.count()} releases of {copy.count('advisories')} advisories"


def read_key(file: Path | None) -> str:
    """The key in a file, else the one in the environment; empty where there is none.

    Raises:
        UnusableFile: the file cannot be read, or what is given is no key.
    """
    source = str(file) if file else KEY_VARIABLE
    try:
        key = (file.read_text(encoding="utf-8") if file else os.environ.get(KEY_VARIABLE, "")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{source}: the key cannot be read ({error}).") from None
    if (file and not key) or not KEY.fullmatch(key):
        raise UnusableFile(f"{source}: this is no key. A key is one word, as it was shown when it was made.")
    return key


def seconds(text: str) -> float:
    """A number of seconds above zero.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"“{text}” is no number of seconds above zero.")
    return value


def rows(text: str) -> int:
    """A number of rows that the API takes.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ROWS):
        raise ArgumentTypeError(f"Give a number from 1 to {MOST_ROWS}.")
    return int(text)

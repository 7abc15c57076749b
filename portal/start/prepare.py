"""Everything that must be there before the first page is served. Each step does nothing when it was done before."""

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from incidents.audit.origin import acting_from
from portal.accounts.editors import make_editor
from portal.accounts.models import User
from portal.settings.local_secret import make_local_secret


class StartError(Exception):
    """The portal cannot start; the message is one line that says what to do."""


def require_free_port(host: str, port: int) -> None:
    """Make sure that nobody else listens.

    Raises:
        StartError: somebody does, or the port is not ours to take.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as error:
            raise StartError(f"PORT={port} is no port: choose a number from 1 to 65535.") from error
        except OSError as error:
            raise StartError(f"Port {port} is taken: choose another, for example PORT={port + 1}.") from error


def require_writable(folder: Path) -> None:
    """Make sure that `folder` exists and takes files.

    Raises:
        StartError: it does not.
    """
    try:
        folder.mkdir(exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartError(f"{folder} cannot be written ({error.strerror}): it holds the database.") from error


def prepare_secret(folder: Path) -> bool:
    """Make the secret of this installation. Returns whether one was made."""
    return make_local_secret(folder)


def prepare_database() -> bool:
    """Bring the database up to date, naming each migration as it runs. Returns whether there was anything to do."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=1)
    return True


def has_new_static_files() -> bool:
    """Whether any static file changed since they were collected."""
    stamp = collected_stamp()
    return not stamp.exists() or stamp.read_text(encoding="ascii") != fingerprint_static_files()


def collect_static_files() -> None:
    """Collect, hash and compress the static files.

    Files under their hashed names stay, for pages that were built with them. The others go first, because
    `collectstatic` would keep a copy that looks newer than its source.
    """
    fingerprint = fingerprint_static_files()
    for name, _ in list_static_files():
        Path(settings.STATIC_ROOT, name).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    collected_stamp().write_text(fingerprint, encoding="ascii")


def collected_stamp() -> Path:
    """The file that says which static files were collected."""
    return Path(settings.STATIC_ROOT) / ".collected"


def fingerprint_static_files() -> str:
    """A hash over the name, size and time of every static file."""
    digest = hashlib.sha256()
    for name, path in list_static_files():
        stat = path.stat()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def list_static_files() -> Iterator[tuple[str, Path]]:
    """Every static file: the name it is served under, and where it is."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))


def prepare_demo() -> bool:
    """Load the demo into an empty database. Returns whether it was empty."""
    if apps.get_model("incidents", "Incident").objects.exists():
        return False
    call_command("load_demo")
    return True


def prepare_accounts() -> list[tuple[User, str]]:
    """Make the first two accounts, for four eyes need two people. Returns them with their passwords, or nothing."""
    if User.objects.filter(is_active=True, is_superuser=True).exists():
        return []
    with acting_from("command serve"), transaction.atomic():
        return [
            make_editor(email="editor@localhost", name="First editor", role="admin"),
            make_editor(email="reviewer@localhost", name="First reviewer", role="editor"),
        ]

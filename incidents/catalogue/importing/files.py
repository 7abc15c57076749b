"""Opening catalogue files: plain or gzip, JSON or YAML, and a clear word about any that cannot be read."""

import gzip
import io
import zlib
from pathlib import Path
from typing import Any

import msgspec
import yaml

LARGEST_BYTES = 512 * 1024 * 1024
DEEPEST_NESTING = 100
MOST_YAML_NODES = 5_000_000
_GZIP_MAGIC = b"\x1f\x8b"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML built without libyaml has no fast one


class CatalogueFileError(Exception):
    """A file cannot be read; the message says what is wrong, where, and how to mend it."""


def read_file(path: Path) -> bytes:
    """The content of a file, unpacked if it is gzip.

    Raises:
        CatalogueFileError: it is missing, unreadable, empty, damaged or larger than `LARGEST_BYTES` when unpacked.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(2)
            file.seek(0)
            content = _read_gzip(file) if magic == _GZIP_MAGIC else file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise CatalogueFileError(f"{path}: there is no such file. Check the path.") from None
    except IsADirectoryError:
        raise CatalogueFileError(f"{path}: this is a folder. Give one file in it.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CatalogueFileError(f"{path}: the gzip file is damaged ({error}). Download it again.") from None
    except OSError as error:
        raise CatalogueFileError(f"{path}: cannot be read ({error.strerror}).") from None
    if len(content) > LARGEST_BYTES:
        raise CatalogueFileError(
            f"{path}: is larger than {LARGEST_BYTES // 1024**2} MB unpacked; MITRE's files are far smaller. "
            "Check that it is the right file."
        )
    if not content.strip():
        raise CatalogueFileError(f"{path}: the file is empty. Download it again.")
    return content


def _read_gzip(file: io.BufferedReader) -> bytes:
    with gzip.GzipFile(fileobj=file) as unpacked:
        return unpacked.read(LARGEST_BYTES + 1)


def parse_json(content: bytes, *, path: Path) -> Any:
    """The JSON value in `content`.

    Raises:
        CatalogueFileError: it is not JSON, not UTF-8, or nested absurdly deep.
    """
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise CatalogueFileError(f"{path}: is nested too deeply to be a catalogue file.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CatalogueFileError(f"{path}: is not valid JSON ({error}). Download it again.") from None


def parse_yaml(content: bytes, *, path: Path) -> Any:
    """The YAML value in `content`: plain data only, no tags that make objects.

    Raises:
        CatalogueFileError: it is not YAML, not UTF-8, nested absurdly deep, or grows without measure through its aliases.
    """
    try:
        _weigh_yaml(content, path=path)
        return yaml.load(content, Loader=_Loader)  # noqa: S506  a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise CatalogueFileError(f"{path}: is not valid YAML{where} ({error.problem}). Download it again.") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise CatalogueFileError(f"{path}: is not valid YAML ({error}). Download it again.") from None


def _weigh_yaml(content: bytes, *, path: Path) -> None:
    """Refuse a document that is too deep or, with every alias written out, too large. Nothing is built for this."""
    weights: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(content, Loader=_Loader):
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, start = open_nodes.pop()
            if anchor:
                weights[anchor] = total - start
            continue
        if isinstance(event, yaml.AliasEvent):
            total += weights.get(event.anchor or "", 1)
        elif isinstance(event, yaml.NodeEvent):
            total += 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, total))
        if len(open_nodes) > DEEPEST_NESTING:
            raise CatalogueFileError(f"{path}: is nested too deeply to be a catalogue file.")
        if total > MOST_YAML_NODES:
            raise CatalogueFileError(
                f"{path}: its YAML aliases unfold to more than {MOST_YAML_NODES:,} values; refused."
            )

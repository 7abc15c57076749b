"""A file that cannot be read gets one clear word."""

import gzip
from pathlib import Path

import pytest

from incidents.catalogue.importing import files
from incidents.catalogue.importing.files import CatalogueFileError, parse_json, parse_yaml, read_file

FILE = Path("file")


def complaint_about(path: Path) -> str:
    with pytest.raises(CatalogueFileError) as caught:
        read_file(path)
    return str(caught.value)


def test_gzip_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "packed.json"
    path.write_bytes(gzip.compress(b"[1]"))

    assert read_file(path) == b"[1]"


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert complaint_about(tmp_path / "no.json") == f"{tmp_path}/no.json: there is no such file. Check the path."


def test_folder_is_refused(tmp_path: Path) -> None:
    assert complaint_about(tmp_path) == f"{tmp_path}: this is a folder. Give one file in it."


def test_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b" \n")

    assert complaint_about(tmp_path / "empty").endswith("the file is empty. Download it again.")


@pytest.mark.parametrize(
    "spoil", [lambda packed: packed[:-12], lambda packed: packed[:20] + b"\xff" * 20 + packed[40:]]
)
def test_damaged_gzip_is_refused(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    path = tmp_path / "cut.gz"
    path.write_bytes(spoil(gzip.compress(bytes(range(256)) * 20)))

    assert "the gzip file is damaged" in complaint_about(path)


def test_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 1024 * 1024)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"0" * 2 * 1024 * 1024))

    assert "is larger than 1 MB unpacked" in complaint_about(path)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'{"type": "bundle", "objects": [', "is not valid JSON"),
        (b"<html>Not found</html>", "is not valid JSON"),
        (b'{"name": "\xff"}', "is not valid JSON"),
        (b"[" * 1_000_000 + b"]" * 1_000_000, "is nested too deeply"),
    ],
)
def test_bad_json_is_refused(content: bytes, word: str) -> None:
    with pytest.raises(CatalogueFileError, match=word):
        parse_json(content, path=FILE)


def test_json_may_begin_with_a_byte_order_mark() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}', path=FILE) == {"a": 1}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{letter}: &{letter} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, letter in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (BOMB, "aliases unfold to more than"),
        ("[" * 5000 + "]" * 5000, "is nested too deeply"),
        ("a: [1, 2", "is not valid YAML at line"),
        ("a: !!python/object/apply:os.getcwd []", "is not valid YAML at line 1"),
        ("a: *nowhere", "is not valid YAML at line 1"),
        ("a: \x01", "is not valid YAML"),
    ],
)
def test_bad_yaml_is_refused(content: str, word: str) -> None:
    with pytest.raises(CatalogueFileError, match=word):
        parse_yaml(content.encode(), path=FILE)


def test_yaml_may_use_a_few_aliases() -> None:
    assert parse_yaml(b"a: &x [1, 2]\nb: *x", path=FILE) == {"a": [1, 2], "b": [1, 2]}

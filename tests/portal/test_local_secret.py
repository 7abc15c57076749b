import stat
from pathlib import Path

from portal.settings.local_secret import make_local_secret, read_local_secret


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    made = [make_local_secret(tmp_path), make_local_secret(tmp_path)]

    assert made == [True, False]
    assert read_local_secret(tmp_path) == read_local_secret(tmp_path)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    make_local_secret(tmp_path)

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_it_is_long(tmp_path: Path) -> None:
    make_local_secret(tmp_path)

    assert len(read_local_secret(tmp_path)) >= 50


def test_before_it_is_made_each_process_has_one_of_its_own(tmp_path: Path) -> None:
    assert read_local_secret(tmp_path) != read_local_secret(tmp_path)

"""Pieces of pages in memory: made once, bounded, the least recently used gone first."""

from incidents.representations.html.kept import Pieces


def test_a_piece_is_made_once() -> None:
    made: list[str] = []
    pieces: Pieces[str] = Pieces(2)

    def make() -> str:
        made.append("a")
        return "A"

    found = [pieces.of("a", make) for _ in range(2)]

    assert (found, made) == (["A", "A"], ["a"])


def test_what_was_used_least_recently_goes_first() -> None:
    pieces: Pieces[str] = Pieces(2)
    for name in ("a", "b", "a", "c"):
        pieces.of(name, lambda: "")

    assert list(pieces.kept) == ["a", "c"]

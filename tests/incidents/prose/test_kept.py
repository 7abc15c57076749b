"""What was rendered is kept, within bounds."""

from incidents.prose.kept import Kept


def counted() -> tuple[list[str], "Kept[str]"]:
    """A list of what was made, and the keeper that fills it."""
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text.upper()

    return made, Kept(make, most_bytes=10_000)


def test_what_is_kept_is_not_made_again():
    made, kept = counted()

    assert [kept.get("a"), kept.get("a")] == ["A", "A"]
    assert made == ["a"]


def test_the_least_recently_used_makes_room():
    made, kept = counted()
    for number in range(1000):
        kept.get("always")
        kept.get(f"text {number}")

    assert made.count("always") == 1
    assert kept.bytes <= 10_000

    made.clear()
    kept.get("text 999")
    kept.get("text 0")
    assert made == ["text 0"]


def test_a_long_text_is_made_each_time_and_pushes_nothing_out():
    made, kept = counted()
    kept.get("short")

    for _ in range(2):
        kept.get("long" * 1000)
    kept.get("short")

    assert made == ["short", "long" * 1000, "long" * 1000]

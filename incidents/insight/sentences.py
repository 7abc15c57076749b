"""Figures in words. Numbers stay numbers: no share is turned into a percentage that its few cases could not bear."""

from collections.abc import Sequence

_MOST_NAMED = 3


def number_of(count: int, one: str, many: str) -> str:
    """`1 advisory`, `2 advisories`, `12,000 advisories`."""
    return f"{count:,} {one if count == 1 else many}"


def advisories(count: int) -> str:
    """`1 advisory`, `2 advisories`."""
    return number_of(count, "advisory", "advisories")


def incidents(count: int) -> str:
    """`1 incident`, `2 incidents`."""
    return number_of(count, "incident", "incidents")


def joined(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def named_most(counted: Sequence[tuple[str, int]], total: int, kinds: str) -> str:
    """Which of these leads, or which share the lead. `counted` has the greatest first; `kinds` is what they are."""
    most = counted[0][1]
    leaders = _with(most, counted)
    of = f"{most:,} of {advisories(total)}"
    if len(leaders) == 1:
        return f"Named most: {leaders[0]}, in {of}{_runner_up(counted)}."
    if len(leaders) <= _MOST_NAMED:
        return f"Named most, each in {of}: {joined(leaders)}."
    return f"None stands out: {len(leaders)} {kinds} are each named in {of}."


def _runner_up(counted: Sequence[tuple[str, int]]) -> str:
    if len(counted) < 2:
        return ""
    following = _with(counted[1][1], counted)
    return f"; then {joined(following)}, in {counted[1][1]:,}" if len(following) <= _MOST_NAMED else ""


def _with(count: int, counted: Sequence[tuple[str, int]]) -> list[str]:
    return [name for name, of in counted if of == count]

"""Figures in words. Numbers stay numbers: no share is turned into a percentage that its few cases could not bear.

Counted nouns are translated on their own, in the shape that the place where they stand asks for; sentences are whole.
"""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext, npgettext

from incidents.vocabulary.inline import joined
from incidents.vocabulary.numbers import number

_MOST_NAMED = 3


def advisories(count: int) -> str:
    """`1 advisory`, `2 advisories`, `12,000 advisories`."""
    return ngettext("%(count)s advisory", "%(count)s advisories", count) % {"count": number(count)}


def incidents(count: int) -> str:
    """`1 incident`, `2 incidents`."""
    return ngettext("%(count)s incident", "%(count)s incidents", count) % {"count": number(count)}


def days(count: int) -> str:
    """`1 day`, `2 days`."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": number(count)}


def out_of(total: int) -> str:
    """What follows a number: `of 1 advisory`, `of 12 advisories`."""
    message = npgettext("9 of 12 advisories", "of %(count)s advisory", "of %(count)s advisories", total)
    return message % {"count": number(total)}


def named_most(counted: Sequence[tuple[str, int]], total: int, kinds: str) -> str:
    """Which of these leads, or which share the lead.

    Args:
        counted: names with their numbers, the greatest first.
        total: out of how many advisories.
        kinds: what shares the lead where it is shared by many, as a counted noun: `5 sectors`.
    """
    most = counted[0][1]
    leaders = leading(counted)
    said = {"most": number(most), "out_of": out_of(total)}
    if len(leaders) > _MOST_NAMED:
        return gettext("None stands out: %(kinds)s are each named in %(most)s %(out_of)s.") % {**said, "kinds": kinds}
    if len(leaders) > 1:
        return gettext("Named most, each in %(most)s %(out_of)s: %(leaders)s.") % {**said, "leaders": joined(leaders)}
    said["leader"] = leaders[0]
    following = _with(counted[1][1], counted) if len(counted) > 1 else []
    if not 0 < len(following) <= _MOST_NAMED:
        return gettext("Named most: %(leader)s, in %(most)s %(out_of)s.") % said
    said |= {"following": joined(following), "fewer": number(counted[1][1])}
    return gettext("Named most: %(leader)s, in %(most)s %(out_of)s; then %(following)s, in %(fewer)s.") % said


def leading(counted: Sequence[tuple[str, int]]) -> list[str]:
    """The names with the greatest number; `counted` has the greatest first."""
    return _with(counted[0][1], counted) if counted else []


def _with(count: int, counted: Sequence[tuple[str, int]]) -> list[str]:
    return [name for name, of in counted if of == count]

"""Going on: the portal is asked to answer when there is something, and every so often where it cannot."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.incidents.following.scripted import Reply, Script, changes, index, problem, told

END = problem(409, "clearance-raised", "You may see more now than when this cursor was made")
FIRST = "/api/v1/changes/?limit=200"


def watch(script: Script, path: Path, *replies: Reply, every: float = 0.01) -> list[str]:
    """Watch what the script says until it refuses, and what it was asked after the index."""
    script.replies = [index(), *replies, END]
    with pytest.raises(CommandError):
        call_command("follow", script.address, into=path, watch=every, verbosity=0)
    return script.asked[1:]


def test_the_copy_is_brought_up_to_date_first_and_the_portal_may_wait_then(script: Script, tmp_path: Path) -> None:
    asked = watch(
        script, tmp_path / "copy", changes(told("A"), after="one"), changes(told("B"), after="two"), every=900
    )

    assert asked == [FIRST, f"{FIRST}&after=one&wait=30", f"{FIRST}&after=two&wait=30"]


def test_a_portal_without_a_place_is_asked_every_so_often(script: Script, tmp_path: Path) -> None:
    slept: list[float] = []
    nothing = changes(after="one")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("incidents.management.commands.follow.time.sleep", slept.append)
        watch(script, tmp_path / "copy", changes(told("A"), after="one"), nothing, nothing, every=7)

    assert slept == [7, 7]


def test_an_older_portal_is_asked_every_so_often(script: Script, tmp_path: Path) -> None:
    refusal = problem(400, "invalid-parameters", "Some parameters cannot be understood")

    asked = watch(script, tmp_path / "copy", changes(told("A"), after="one"), refusal, changes(after="one"))

    assert asked == [FIRST, f"{FIRST}&after=one&wait=30", f"{FIRST}&after=one", f"{FIRST}&after=one"]

"""A real browser for the journeys: this machine's Chromium."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import ConsoleMessage, Page

from tests.run.browser import ARGUMENTS, find_chromium

# The browser's driver runs an event loop in the test's own thread, where Django would otherwise refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the Chromium of this machine."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("Chromium was not found (CHROMIUM=/path/to/chromium)")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    """Sign-in attempts are counted in the cache; each journey starts at nought."""
    cache.clear()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of, such as a breach of the content security policy. A journey ends with none."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []

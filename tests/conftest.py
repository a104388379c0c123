"""What the tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.browser.server import chromium

# Properties are judged by what they find, not by how fast a busy machine finds it.
settings.register_profile("unhurried", deadline=None)
# For the fast tier (`make test-fast`); a property that names its own number of examples keeps it.
settings.register_profile("few", max_examples=20, deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Playwright does not start twice in one."""
    with chromium() as opened:
        yield opened

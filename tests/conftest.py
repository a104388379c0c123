"""What the tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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


# Tests that share a server or a browser run on one worker; pytest-xdist 3.8 writes its groups into node ids in a
# way that pytest 9.2 does not take any more.
TOGETHER = {
    "tests/browser/": "browser",
    "tests/acceptance/test_wheel.py": "browser",
    "tests/acceptance/test_truth.py": "acceptance",
    "tests/snapshots/test_altered.py": "chromium",
    "tests/snapshots/test_chromium.py": "chromium",
    "tests/snapshots/test_killed_chromium.py": "chromium",
    "tests/snapshots/test_zones.py": "chromium",
}


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out tests one by one, and those of a group to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for place, group in TOGETHER.items() if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling:
    """The order of `-n 2`."""
    return TogetherScheduling(config, log)

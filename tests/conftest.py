"""What the tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.browser.server import chromium
from tests.store.replayed import quick_tables

__all__ = ["quick_tables"]

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
    "tests/snapshots/test_pages.py": "chromium",
}
# Their tests share what takes long to make, so that each of these files stays on one worker.
WHOLE = tuple(
    f"tests/{name}.py"
    for name in (
        "data_sources/prometheus/test_births",
        "data_sources/prometheus/test_recorded",
        "dialects/test_alert_parity",
        "dialects/test_parity",
        "snapshots/test_mutated",
        "snapshots/test_numbers",
        "snapshots/test_portal",
        "snapshots/test_slides",
        "snapshots/test_spread",
        "snapshots/test_templates",
        "snapshots/test_verifying",
        "use_cases/test_demo_story",
        "use_cases/test_monthly",
        "use_cases/test_yearly",
    )
)


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out tests one by one, and those of a group or a whole file to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(WHOLE):
            return nodeid.partition("::")[0]
        return next((group for place, group in TOGETHER.items() if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling:
    """The order of `-n 2`."""
    return TogetherScheduling(config, log)

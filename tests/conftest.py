"""What the tests of several rooms share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.browser.server import chromium
from tests.store.replayed import quick_tables
from tests.together import pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_make_scheduler", "quick_tables"]

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


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Python's collector of garbage leaves alone what collecting the tests made, which lives to the end, and comes by
    less often: looking through it took a third of the time of small tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()

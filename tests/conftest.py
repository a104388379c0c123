"""What the tests of several rooms share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

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


# What tests of a whole room share takes long to make: such a room stays on one worker, and each other file as a whole.
# Those that take longest come first, and small files last, so that both workers end together.
# pytest-xdist 3.8 writes its groups into node ids in a way that pytest 9.2 does not take any more.
TOGETHER = {
    "tests/browser/": "browser",
    "tests/acceptance/test_wheel.py": "browser",
    "tests/acceptance/": "acceptance",
    "tests/snapshots/": "snapshots",
    "tests/pages/": "pages",
    "tests/data_sources/prometheus/": "prometheus",
    "tests/both/": "both",
}
LONG = (
    *dict.fromkeys(TOGETHER.values()),
    *(
        f"tests/{name}.py"
        for name in (
            "ledger/test_processes",
            "cli/test_killed",
            "dialects/test_parity",
            "dialects/test_alert_parity",
            "use_cases/test_yearly",
            "use_cases/test_monthly",
        )
    ),
)


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out files, and rooms whose tests share much, those first that take longest."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((group for place, group in TOGETHER.items() if file.startswith(place)), file)

    def _assign_work_unit(self, node: WorkerController) -> None:
        waiting = next((unit for unit in LONG if unit in self.workqueue), None)
        if waiting:
            self.workqueue.move_to_end(waiting, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling:
    """The order of `-n 2`."""
    return TogetherScheduling(config, log)


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

"""Which tests run together in one process, and in which order the processes of `-n 2` get them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

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
        with suppress(OSError):  # it ended a moment ago: `remove_node` takes back what it was given
            super()._assign_work_unit(node)

    def remove_node(self, node: WorkerController) -> str | None:
        """What a process was running when it ended; that is not run again, since it would end the next one too."""
        units = self.assigned_work[node].values()
        running = next(((unit, each) for unit in units for each, done in unit.items() if not done), None)
        if running is not None:
            unit, each = running
            unit[each] = True
        super().remove_node(node)
        return running and running[1]

    def _reschedule(self, node: WorkerController) -> None:
        if node not in self.registered_collections:  # one that takes the place of another knows its tests only later
            return
        super()._reschedule(node)
        # A process runs a test once it knows the next one, and only then asks for more.
        while not node.shutting_down and self.workqueue and self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling:
    """The order of `-n 2`."""
    return TogetherScheduling(config, log)

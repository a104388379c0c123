"""The PromQL texts that count the events of counters, with the first events of new series.

`increase` does not see the first value of a series: a counter that is born with its first error has no
sample before it. That value is counted in the bucket in which the series appears, where

- the series has no sample in the day before, or had a higher count then and so began again: one that
  comes back after an outage is not new;
- a series of the total on the same target (instance, pod) was scraped all through the bucket before and
  still is. A target that is seen for the first time may have counted for long, and so may one that is
  seen again after an outage, or under other labels;
- where series name no target, the source's history of the total reaches back a day.

Elsewhere the counts are those of `increase`: fewer than the truth, never more.
"""

from __future__ import annotations

from dataclasses import dataclass

from data_sources.durations import format_duration
from data_sources.prometheus.dialects import Dialect

GUARD_SECONDS = 86_400
_HISTORY_SECONDS = 3600  # in which a sample of a day ago is looked for
_TARGET = "cluster,instance,job,namespace,pod"


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of one role of a query: their selector, and that of the total they are part of."""

    selector: str
    total: str
    step_seconds: int
    dialect: Dialect = Dialect.PROMQL

    def __str__(self) -> str:
        """The events of a bucket, without the first values of new series."""
        return f"sum({self._increase})"

    @property
    def with_first_values(self) -> str:
        """The events of a bucket, with the first values of new series."""
        count = f"last_over_time({self._range()})"
        known = f"last_over_time({self._before(GUARD_SECONDS)}) <= {count}"
        new = f"{count} unless present_over_time({self._before(self.step_seconds)}) unless ({known})"
        return f"sum((({new}) and on ({_TARGET}) ({self._steady})) or {self._increase})"

    def appeared(self, window_seconds: int) -> str:
        """How many series there are at the end of a window that were not at its beginning; nothing for none."""
        return f"count({self.selector} unless ({self.selector} offset {format_duration(window_seconds)}))"

    @property
    def appeared_on_targets(self) -> str:
        """How many there are at the end of a bucket that were not at its beginning, on targets that were."""
        length = format_duration(self.step_seconds)
        new = f"({self.selector} unless ({self.selector} offset {length}))"
        return f"count({new} and on ({_TARGET}) ({self.total} offset {length}))"

    @property
    def _steady(self) -> str:
        """The series of the total that neither began nor ended in the bucket, on targets with a known past."""
        length = format_duration(self.step_seconds)
        scrapes, before = f"{self.total}[{length}]", f"{self.total}[{length}] offset {length}"
        history = f"{self.total}[{format_duration(_HISTORY_SECONDS)}] offset {format_duration(GUARD_SECONDS)}"
        return (
            f"(count_over_time({scrapes}) >= count_over_time({before}))"
            f" unless on (instance,pod) absent_over_time({history})"
        )

    @property
    def _increase(self) -> str:
        return self.dialect.increase(self.selector, self.step_seconds)

    def _range(self) -> str:
        return f"{self.selector}[{format_duration(self.step_seconds)}]"

    def _before(self, seconds: int) -> str:
        return f"{self.selector}[{format_duration(seconds)}] offset {format_duration(self.step_seconds)}"

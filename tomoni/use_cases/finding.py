"""The indexes of the metrics of all sources: built in the background, kept, renewed as they age.

They are kept in memory: after a start a source is read again within seconds, and what a source has changes by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data_sources.base import Interval, Source
from data_sources.exploring import Describes, Explores, Metric, MetricType
from tomoni.exploring.index import MOST_METRICS, MetricIndex
from tomoni.slo.model import DAY
from tomoni.use_cases.jobs import Job, Jobs, Report

FRESH_SECONDS = 600  # an index that is older is renewed while it is in use
_AGAIN_SECONDS = 30  # so long after a failure it is tried again
_MOST_RECENT = 30
_MOST_DESCRIBED = 2_000


@dataclass(frozen=True, slots=True)
class KeptIndex:
    """What is known of the metrics of a source: ``index`` of ``built_at`` (Unix seconds), None before the first one.
    ``found`` metrics have come so far while it is being read; ``error`` is why the last reading failed."""

    index: MetricIndex | None = None
    built_at: int = 0
    reading: bool = False
    found: int = 0
    error: Exception | None = None

    def named(self, name: str) -> Metric:
        """What is known of a metric: at least its name."""
        return (self.index and self.index.named(name)) or Metric(name)


@dataclass(slots=True)
class _Entry:
    """The index of a source, as it was configured when it was read."""

    source: Explores
    index: MetricIndex | None = None
    built_at: int = 0
    failed_at: int = 0
    error: Exception | None = None


class Finding:
    """Keeps an index for each source. Safe to use from several threads."""

    def __init__(self, jobs: Jobs, clock: Callable[[], float]) -> None:
        self._jobs, self._clock = jobs, clock
        self._lock = threading.Lock()  # guards what follows
        self._entries: dict[str, _Entry] = {}
        self._recent: dict[str, deque[str]] = {}
        self._described: dict[str, Metric] = {}

    def of(self, source: Source, wait_seconds: float = 0.0) -> KeptIndex:
        """The index of a source as it stands; the first one, and one that has aged, is read in the background.
        ``wait_seconds`` is how long to wait for the first one."""
        if not isinstance(source, Explores):
            return KeptIndex()
        entry = self._entry(source.id, source)
        job = self._job(source.id, entry) if self._is_due(entry) else None
        if job is not None and entry.index is None and wait_seconds:
            job.wait(wait_seconds)
        reading = job is not None and not job.ended
        found = job.progress.done if job is not None and reading else 0
        return KeptIndex(entry.index, entry.built_at, reading, found, entry.error)

    def named(self, source: Source, name: str, interval: Interval, wait_seconds: float) -> Metric | None:
        """What is known of a metric, at least its name: as it is listed, else as its source describes it alone, which
        is waited for at most so long; None while it is still being asked (`describing` names that job)."""
        if not isinstance(source, Describes):
            return self.of(source, wait_seconds).named(name)
        kept = self.of(source)
        listed = kept.index.named(name) if kept.index else None
        if listed is not None and listed.type is not MetricType.UNKNOWN:
            return listed
        key = self.describing(source, name, interval)
        if key not in self._described:
            job: Job[Sequence[Metric]] = self._jobs.start(key, lambda _: source.described(name, interval))
            if not job.wait(wait_seconds):
                return None
            if job.result is None:  # it failed, or was cancelled
                return listed or Metric(name)
            self._keep(key, MetricIndex(job.result).named(name) or listed or Metric(name))
        return self._described.get(key, listed or Metric(name))

    def describing(self, source: Source, name: str, interval: Interval) -> str:
        """The name of the job that asks a source for one metric."""
        return f"metric/{source.id}/{id(source)}/{interval.end // DAY}/{name}"

    def _keep(self, key: str, metric: Metric) -> None:
        with self._lock:
            if len(self._described) >= _MOST_DESCRIBED:
                self._described.clear()
            self._described[key] = metric

    def cancel(self, source: Source) -> None:
        """Ends the reading of a source; it is not tried again for a while."""
        if isinstance(source, Explores):
            entry = self._entry(source.id, source)
            entry.failed_at = int(self._clock())
            self._jobs.forget(_key(source.id, entry))

    def renew(self, source: Source) -> None:
        """Lets a source be read again now."""
        if isinstance(source, Explores):
            entry = self._entry(source.id, source)
            entry.built_at = entry.failed_at = 0
            self._jobs.forget(_key(source.id, entry))

    def used(self, source_id: str, name: str) -> None:
        """Notes that a metric was looked at."""
        with self._lock:
            recent = self._recent.setdefault(source_id, deque(maxlen=_MOST_RECENT))
            if name in recent:
                recent.remove(name)
            recent.appendleft(name)

    def recent(self, source_id: str) -> tuple[str, ...]:
        """The metrics that were looked at, the last one first."""
        with self._lock:
            return tuple(self._recent.get(source_id, ()))

    def _entry(self, source_id: str, source: Explores) -> _Entry:
        with self._lock:
            entry = self._entries.get(source_id)
            if entry is None or entry.source is not source:
                entry = self._entries[source_id] = _Entry(source)
            return entry

    def _is_due(self, entry: _Entry) -> bool:
        now = self._clock()
        return now - entry.built_at > FRESH_SECONDS and now - entry.failed_at > _AGAIN_SECONDS

    def _job(self, source_id: str, entry: _Entry) -> Job[int]:
        key = _key(source_id, entry)
        known = self._jobs.find(key)
        if known is not None and known.ended:
            self._jobs.forget(key)
        return self._jobs.start(key, lambda report: self._read(entry, report))

    def _read(self, entry: _Entry, report: Report[int]) -> int:
        """Reads a source into its entry, in the thread of a job."""
        try:
            metrics: list[Metric] = []
            for part in entry.source.metrics(report.cancelled):
                metrics += part[: MOST_METRICS - len(metrics)]
                report.progress(len(metrics), 0)
            report.check()
            entry.index = MetricIndex(metrics)
        except Exception as error:
            entry.failed_at, entry.error = int(self._clock()), error
            raise
        entry.built_at, entry.error = int(self._clock()), None
        return len(metrics)


def _key(source_id: str, entry: _Entry) -> str:
    return f"metrics/{source_id}/{id(entry)}"

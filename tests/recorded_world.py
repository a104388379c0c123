"""Two days of a shop whose counters are scraped, and of what recording rules make of them.

Slot i is ``[START + 30 i, START + 30 (i + 1))``, and a scrape is at the beginning of each. Three pods serve the
shop, each is replaced once a day; in the slots of `QUIET` nobody comes. What is recorded every 30 seconds:

    job:requests:rate5m, job:errors:rate5m    events per second over the last five minutes
    job:code:rate5m{code}                     the same by code, as two series
    job:errors:ratio_rate5m                   their share from 0 to 1, NaN while nobody comes
    job:errors:percent                        the same from 0 to 100
    job:requests:sum                          the sum of the pods' counters, which falls with each pod that ends
    job:requests:increase5m                   events of the last five minutes

Two pods state the summary rpc_seconds. Healthy counters could be taken for something else: see `HEALTHY`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

SLOT, DAY = 30, 86_400
SLOTS = 2 * DAY // SLOT
END = 1_795_132_800 // DAY * DAY
START = END - 2 * DAY
FIVE_MINUTES = 300 // SLOT
QUIET = slice(SLOTS - 700, SLOTS - 460)  # two hours
_RANDOM = np.random.default_rng(20261128)
TOTAL: IntArray = _RANDOM.poisson(300 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(SLOTS) * SLOT / DAY)))
TOTAL[QUIET] = 0
BAD: IntArray = _RANDOM.binomial(TOTAL, 0.005)
# Healthy counters by name: events of each slot, and after which slots the process begins again at 0.
HEALTHY: dict[str, tuple[IntArray, list[int]]] = {
    "steady_total": (_RANDOM.poisson(50, SLOTS), [4000]),
    "rare_total": (_RANDOM.poisson(0.02, SLOTS), [1000, 3000, 5000]),
    "crash_loop_total": (_RANDOM.poisson(20, SLOTS), list(range(0, SLOTS, 11))),
    "rare_crash_loop_total": (_RANDOM.poisson(0.1, SLOTS), list(range(0, SLOTS, 10))),
    "batch_total": (np.where(np.arange(SLOTS) % 120 == 0, 5000, 0), [2500]),
    "probe_total": (np.ones(SLOTS, dtype=np.int64), [100, 200]),
    "weighted_total": (_RANDOM.poisson(5, SLOTS), [4000]),
}


def buckets(events: IntArray, step_seconds: int = 300) -> FloatArray:
    """The true counts of all buckets."""
    return np.asarray(events.reshape(-1, step_seconds // SLOT).sum(axis=1), dtype=np.float64)


def write(path: Path) -> None:
    """Writes the two days as OpenMetrics text."""
    with path.open("w") as file:
        for name, values in _series():
            times = START + np.arange(len(values)) * SLOT
            samples = zip(values.tolist(), times.tolist(), strict=True)
            # A sample that is not there is None; one that is no number is NaN.
            file.writelines(f"{name} {value} {time}\n" for value, time in samples if value is not None)
        file.write("# EOF\n")


def _series() -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    yield from _pods()
    requests, errors = _recent(TOTAL), _recent(BAD)
    yield 'job:requests:rate5m{app="shop"}', requests / 300
    yield 'job:errors:rate5m{app="shop"}', errors / 300
    yield 'job:code:rate5m{code="200"}', (requests - errors) / 300
    yield 'job:code:rate5m{code="500"}', errors / 300
    with np.errstate(invalid="ignore"):
        share = errors / requests
    yield 'job:errors:ratio_rate5m{app="shop"}', share
    yield 'job:errors:percent{app="shop"}', 100 * share
    yield 'job:requests:increase5m{app="shop"}', requests
    pods = [values for name, values in _pods() if 'code="200"' in name]
    yield 'job:requests:sum{app="shop"}', np.sum([np.where(pod == None, 0, pod) for pod in pods], axis=0)  # noqa: E711
    yield from _summary()
    for name, (events, restarts) in HEALTHY.items():
        weight = 1.37 if name == "weighted_total" else 1
        yield f'{name}{{pod="a"}}', counter(events, restarts) * weight


def _summary() -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    """What a summary of the library of Go states: two pods, of which the second has a quarter of the events."""
    for pod, weight, p50, p99 in (("a", 3, 0.1, 0.4), ("b", 1, 0.3, 2.0)):
        events = np.full(SLOTS, weight, dtype=np.int64)
        yield f'rpc_seconds{{pod="{pod}",quantile="0.5"}}', np.full(SLOTS + 1, p50)
        yield f'rpc_seconds{{pod="{pod}",quantile="0.99"}}', np.full(SLOTS + 1, p99)
        yield f'rpc_seconds_count{{pod="{pod}"}}', counter(events, [])
        yield f'rpc_seconds_sum{{pod="{pod}"}}', counter(events, []) * p50


def _pods() -> Iterator[tuple[str, npt.NDArray[np.object_]]]:
    """Each pod of each day has a third of the events of both codes, from a third of an hour apart on."""
    for code, events in (("200", TOTAL - BAD), ("500", BAD)):
        for pod in range(3):
            share = events // 3 + (np.arange(SLOTS) % 3 == pod) * (events % 3)
            middle = SLOTS // 2 + pod * 40
            for day, life in enumerate((slice(0, middle), slice(middle, SLOTS))):
                values = np.full(SLOTS + 1, None, dtype=object)
                values[life.start : life.stop + 1] = counter(share[life], [])
                yield f'requests_total{{app="shop",pod="{pod}-{day}",code="{code}"}}', values


def counter(events: IntArray, restarts: list[int]) -> IntArray:
    """A counter at the beginning of each slot and at the end of the last."""
    values = np.concatenate([[0], np.cumsum(events)])
    kept = np.zeros_like(values)
    for slot in restarts:
        kept[slot + 1 :] = values[slot]
    return np.asarray(values - kept)


def _recent(events: IntArray) -> FloatArray:
    """The events of the five minutes before the beginning of each slot, and before the end of the last."""
    sums = np.concatenate([np.zeros(FIVE_MINUTES), [0], np.cumsum(events)])
    return np.asarray(sums[FIVE_MINUTES:] - sums[:-FIVE_MINUTES], dtype=np.float64)

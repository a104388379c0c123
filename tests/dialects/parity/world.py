"""Four days of an imagined Prometheus, minute by minute, with the true counts of its last three days.

Each service is one thing that makes tools that compute SLOs differ:

    steady      all day the same; its process restarts twice (counter resets)
    offset      scraped every 15 s, 7 s after each full minute and so on
    nights      by day a thousand events a minute, at night five; half of those fail in one night
    idle        no events at all for twenty hours
    unscraped   not scraped for six hours, in which its counters went on
    pods        a new pod every six hours; the series of its errors begins with its first error
    flawless    never an error, so that there is no series of errors
    failing     never a success, so that there is no series of successes
    latency     a classic histogram with the edge 0.3
    probe       a gauge: 1 where a probe went well
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

MINUTE, DAY = 60, 86_400
END = 1_794_960_000 // DAY * DAY
DAYS, WINDOW_DAYS = 4, 3
MINUTES = DAYS * DAY // MINUTE
START = END - DAYS * DAY
FIRST = MINUTES - WINDOW_DAYS * DAY // MINUTE  # the first minute of the window
POD_MINUTES = 360
RESTARTS = (2000, 4500)
UNSCRAPED = (3000, 3360)
IDLE = (2500, 3700)
BAD_NIGHT = (3 * 1440, 3 * 1440 + 180)


def events() -> dict[str, tuple[IntArray, IntArray]]:
    """All and bad events of each minute, by service; of the probe its samples."""
    rng = np.random.default_rng(14)
    minute = np.arange(MINUTES)
    night = minute % 1440 < 480
    total = {name: rng.poisson(60, MINUTES) for name in ("steady", "offset", "unscraped", "flawless", "failing")}
    total["nights"] = np.where(night, rng.poisson(5, MINUTES), rng.poisson(1000, MINUTES))
    total["idle"] = rng.poisson(60, MINUTES)
    total["idle"][slice(*IDLE)] = 0
    total["pods"] = rng.poisson(20, MINUTES)
    total["latency"] = rng.poisson(60, MINUTES)
    total["probe"] = np.ones(MINUTES, dtype=np.int64)
    bad = {name: rng.binomial(of, 0.002) for name, of in total.items()}
    bad["pods"] = rng.binomial(total["pods"], 0.0005)
    bad["flawless"] = np.zeros(MINUTES, dtype=np.int64)
    bad["failing"] = total["failing"].copy()
    bad["nights"][slice(*BAD_NIGHT)] = rng.binomial(total["nights"][slice(*BAD_NIGHT)], 0.5)
    bad["unscraped"][slice(*UNSCRAPED)] = rng.binomial(total["unscraped"][slice(*UNSCRAPED)], 0.05)
    bad["probe"] = (minute % 700 < 4).astype(np.int64)
    return {name: (of, bad[name]) for name, of in total.items()}


def truth() -> dict[str, tuple[int, int]]:
    """All and bad events of the window, by service."""
    return {name: (int(total[FIRST:].sum()), int(bad[FIRST:].sum())) for name, (total, bad) in events().items()}


def openmetrics() -> Iterator[str]:
    """All samples as OpenMetrics text."""
    for name, (total, bad) in events().items():
        yield from _service(name, total, bad)
    yield "# EOF\n"


def _service(name: str, total: IntArray, bad: IntArray) -> Iterator[str]:
    if name == "probe":
        yield from _lines('probe_success{service="probe"}', START + np.arange(MINUTES) * MINUTE + 11, 1 - bad)
    elif name == "latency":
        for series, counted in (
            ('x_seconds_bucket{service="latency",le="0.3"}', total - bad),
            ('x_seconds_bucket{service="latency",le="+Inf"}', total),
            ('x_seconds_count{service="latency"}', total),
        ):
            yield from _lines(series, _times(np.arange(MINUTES + 1)), _counter(counted))
    elif name == "pods":
        yield from _pods(total, bad)
    else:
        yield from _counters(name, total, bad)


def _counters(name: str, total: IntArray, bad: IntArray) -> Iterator[str]:
    scraped = np.arange(MINUTES + 1)
    if name == "unscraped":
        scraped = np.delete(scraped, slice(UNSCRAPED[0] + 1, UNSCRAPED[1]))
    for code, counted in (("200", total - bad), ("500", bad)):
        values = _counter(counted)
        if name == "steady":
            for restart in RESTARTS:
                values[restart + 1 :] -= values[restart]
        if name == "offset":
            yield from _lines(_requests(name, code, "a"), *_in_quarters(counted))
        elif counted.any():
            yield from _lines(_requests(name, code, "a"), _times(scraped), values[scraped])


def _in_quarters(counted: IntArray) -> tuple[IntArray, IntArray]:
    """Scrapes every 15 s, from 7 s after the minute on, and what had been counted then: events come at any second."""
    parts = np.random.default_rng(7).multinomial(counted, [7 / 60, 0.25, 0.25, 0.25, 8 / 60])
    at = (_times(np.arange(MINUTES))[:, None] + np.array([7, 22, 37, 52])).ravel()
    before = (np.cumsum(counted) - counted)[:, None]
    return at, (before + np.cumsum(parts, axis=1)[:, :4]).ravel()


def _pods(total: IntArray, bad: IntArray) -> Iterator[str]:
    for pod, first in enumerate(range(0, MINUTES, POD_MINUTES)):
        part = slice(first, first + POD_MINUTES)
        at = np.arange(first, first + POD_MINUTES + 1)
        for code, counted in (("200", total[part] - bad[part]), ("500", bad[part])):
            values = _counter(counted)
            there = values > 0 if code == "500" else np.ones(len(values), dtype=np.bool_)
            yield from _lines(_requests("pods", code, f"pod-{pod}"), _times(at[there]), values[there])


def _requests(service: str, code: str, instance: str) -> str:
    return f'http_requests_total{{service="{service}",instance="{instance}",code="{code}"}}'


def _counter(counted: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counted)])


def _times(minutes: IntArray) -> IntArray:
    """The beginnings of minutes as Unix seconds."""
    return START + minutes * MINUTE


def _lines(series: str, times: IntArray, values: IntArray) -> Iterator[str]:
    if len(times):
        yield "\n".join(f"{series} {value} {time}" for value, time in zip(values, times, strict=True)) + "\n"

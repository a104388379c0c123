"""Two days of counters that begin, end and come back, minute by minute, with their true counts.

Each app has a counter ``calls_total`` by code; a series exists from its first event on, as client
libraries have it. What befalls the apps:

    routes     60 routes, each error series born with its first error: 35 errors in the second day
    unnamed    the same, and its series name no target (neither instance nor pod)
    young      scraped for five hours only; a second pool appears after two, with all that it had counted
    newcomer   a second target appears in the second day, with all that it had counted
    relabeled  every series of a target gets another label in the second day, and keeps its count
    outage     not scraped for two hours in the second day; errors of two new routes are born meanwhile
    absence    not scraped for thirty hours; its process lives on
    flapping   its errors are not exposed for two hours, and are again
    restart    restarts in the second day: every counter, also that of its errors, begins again
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

MINUTES = 2 * 1440
YOUNG = MINUTES - 300
OUTAGE = (2000, 2120)
ABSENCE = (400, 2200)
FLAP = (2300, 2420)
WHOLE = 1_000_000  # what a process had counted before it was scraped
RELABELED = 2403  # between the edges of a bucket
BEFORE = "before"


@dataclass(frozen=True)
class Counter:
    """One series: the labels, the count at each minute, and the minutes in which it was scraped."""

    labels: str
    values: IntArray
    scraped: IntArray


@dataclass(frozen=True)
class App:
    """What happened each minute, and what was scraped of it."""

    total: IntArray
    bad: IntArray
    counters: tuple[Counter, ...]


def worlds() -> dict[str, App]:
    """The apps by name."""
    rng = np.random.default_rng(35)
    return {
        "routes": _routes(rng, 60, 35, 'instance="a:80",job="web"'),
        "unnamed": _routes(rng, 12, 7, 'zone="z"'),
        "young": _young(rng),
        "newcomer": _newcomer(rng),
        "relabeled": _relabeled(rng),
        "outage": _gap(rng, OUTAGE, errors_at=(1700, 2050, 2060, 2400)),
        "absence": _gap(rng, ABSENCE, errors_at=(100, 1000, 2500)),
        "flapping": _flapping(rng),
        "restart": _restart(rng),
    }


def _counter(events: IntArray, before: int = 0) -> IntArray:
    return before + np.concatenate([[0], np.cumsum(events)])


def _since_first(labels: str, events: IntArray) -> Counter:
    """A series that exists from its first event on."""
    values = _counter(events)
    return Counter(labels, values, np.flatnonzero(values > 0))


def _at(*minutes: int) -> IntArray:
    return np.bincount(np.array(minutes), minlength=MINUTES).astype(np.int64)


def _app(counters: list[Counter], good: IntArray, bad: IntArray) -> App:
    return App(good + bad, bad, tuple(counters))


def _routes(rng: np.random.Generator, routes: int, errors: int, target: str) -> App:
    good = rng.poisson(2, (routes, MINUTES))
    bad = np.zeros((routes, MINUTES), dtype=np.int64)
    for _ in range(errors):
        bad[rng.integers(routes), rng.integers(1600, MINUTES - 5)] += 1
    counters = []
    for route in range(routes):
        labels = f'{target},route="/r{route}"'
        counters.append(Counter(f'{labels},code="200"', _counter(good[route]), np.arange(MINUTES + 1)))
        counters.append(_since_first(f'{labels},code="500"', bad[route]))
    return _app([c for c in counters if len(c.scraped)], good.sum(axis=0), bad.sum(axis=0))


def _pair(target: str, good: IntArray, bad: IntArray, scraped: IntArray, before: int = 0) -> list[Counter]:
    return [
        Counter(f'{target},code="200"', _counter(good, before), scraped),
        Counter(f'{target},code="500"', _counter(bad, before // 1000), scraped),
    ]


def _young(rng: np.random.Generator) -> App:
    good, more, bad = rng.poisson(50, MINUTES), rng.poisson(50, MINUTES), rng.poisson(0.05, MINUTES)
    first = _pair('pool="a"', good, bad, np.arange(YOUNG, MINUTES + 1), WHOLE)
    second = _pair('pool="b"', more, bad, np.arange(YOUNG + 122, MINUTES + 1), WHOLE)
    return _app([*first, *second], good + more, 2 * bad)


def _newcomer(rng: np.random.Generator) -> App:
    good, more, bad = rng.poisson(50, MINUTES), rng.poisson(50, MINUTES), rng.poisson(0.05, MINUTES)
    first = _pair('instance="a:80",job="web"', good, bad, np.arange(MINUTES + 1))
    second = _pair('instance="b:80",job="web"', more, bad, np.arange(2000, MINUTES + 1), WHOLE)
    return _app([*first, *second], good + more, 2 * bad)


def _relabeled(rng: np.random.Generator) -> App:
    good, bad, target = rng.poisson(50, MINUTES), rng.poisson(0.05, MINUTES), 'instance="a:80",job="web"'
    first = _pair(target, good, bad, np.arange(RELABELED), WHOLE)
    second = _pair(f'{target},team="x"', good, bad, np.arange(RELABELED, MINUTES + 1), WHOLE)
    return _app([*first, *second], good, bad)


def _gap(rng: np.random.Generator, gap: tuple[int, int], errors_at: tuple[int, ...]) -> App:
    """A target whose scrapes fail for some time; each error is the first of its route."""
    good, target = rng.poisson(50, MINUTES), 'instance="a:80",job="web"'
    seen = np.setdiff1d(np.arange(MINUTES + 1), np.arange(gap[0] + 1, gap[1]))
    counters = [Counter(f'{target},code="200"', _counter(good, WHOLE), seen)]
    for minute in errors_at:
        born = _since_first(f'{target},code="500",route="/r{minute}"', _at(minute))
        counters.append(Counter(born.labels, born.values, np.intersect1d(born.scraped, seen)))
    return _app(counters, good, _at(*errors_at))


def _flapping(rng: np.random.Generator) -> App:
    good, bad, target = rng.poisson(50, MINUTES), rng.poisson(0.05, MINUTES), 'instance="a:80",job="web"'
    seen = np.setdiff1d(np.arange(MINUTES + 1), np.arange(*FLAP))
    steady, flapping = _pair(target, good, bad, np.arange(MINUTES + 1), WHOLE)
    return _app([steady, Counter(flapping.labels, flapping.values, seen)], good, bad)


def _restart(rng: np.random.Generator) -> App:
    """Its process begins again within a minute; the errors of the new process are born with their first."""
    good, target, at = rng.poisson(50, MINUTES), 'instance="a:80",job="web"', 2000
    bad = _at(100, 200, 1500, 2300, 2301)
    steady = _counter(good)
    steady[at:] -= steady[at]
    errors = _counter(bad)
    errors[at:] -= errors[at]
    scraped = np.flatnonzero(errors > 0)
    return _app(
        [
            Counter(f'{target},code="200"', steady, np.arange(MINUTES + 1)),
            Counter(f'{target},code="500"', errors, scraped),
        ],
        good,
        bad,
    )


def series() -> Iterator[tuple[str, IntArray, IntArray]]:
    """The name with labels, the minutes and the values of every series."""
    for name, app in worlds().items():
        for counter in app.counters:
            labels = f'calls_total{{app="{name}",{counter.labels}}}'
            yield labels, counter.scraped, counter.values[counter.scraped]

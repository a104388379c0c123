"""A quiet sweep behind the refresh: it fetches a few closed days again, to find what their sources changed.

Days are chosen at random. Where one changed, the days beside it and the other series of its source on that
day are next, because late data rarely stays with one of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from data_sources.base import Interval
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Change, Ledger, RequiredSeries
from tomoni.review.inputs import signals_of, slos_of
from tomoni.slo.model import DAY
from tomoni.use_cases.configuration import Setup

_LONGEST_QUEUE = 10_000
_SETTLED_DAYS = 2  # a day is left to the ordinary refresh until it has been over for as long
Place = tuple[str, int]  # the key of a series and a UTC day


class Sweep:
    """Remembers which days are next; used by one thread."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()  # noqa: S311 - which day is looked at is no secret
        self._next: dict[Place, None] = {}  # an ordered set

    def step(self, setup: Setup, ledger: Ledger, now: int) -> tuple[Change, ...]:
        """Fetches as many days again as the settings allow, a request each, and returns what changed."""
        refs = _series(setup)
        last = now // DAY - _SETTLED_DAYS
        days = range(last - setup.catalog.settings.history_days + 1, last + 1)
        places = list(self._chosen(list(refs), days, setup.catalog.settings.recheck_days))
        if not places:
            return ()
        required = [RequiredSeries(refs[key], _interval(refs[key], day)) for key, day in places]
        changes = ledger.read_again(setup.sources, required, now).changes
        for change in changes:
            self._expect_more(change, refs, days)
        return changes

    def _chosen(self, keys: Sequence[str], days: range, most: int) -> Iterator[Place]:
        known, chosen = set(keys), set[Place]()
        while keys and len(chosen) < min(most, len(keys) * len(days)):
            if self._next:
                place = next(iter(self._next))
                del self._next[place]
            else:
                place = self._chance.choice(keys), self._chance.choice(days)
            if place[0] in known and place not in chosen:
                chosen.add(place)
                yield place

    def _expect_more(self, change: Change, refs: dict[str, SeriesRef], days: range) -> None:
        day, source = change.start // DAY, refs[change.series].source
        beside = [(change.series, day - 1), (change.series, day + 1)]
        others = [(key, day) for key, ref in refs.items() if ref.source == source and key != change.series]
        for place in [*beside, *others]:
            if place[1] in days and len(self._next) < _LONGEST_QUEUE:
                self._next[place] = None


def _series(setup: Setup) -> dict[str, SeriesRef]:
    """Every series of the configuration whose source is usable, by key."""
    apps = setup.apps()
    refs = [place.slo.series for place in slos_of(apps)] + [signal.series for _, signal in signals_of(apps)]
    return {ref.key: ref for ref in refs if ref.source in setup.sources}


def _interval(ref: SeriesRef, day: int) -> Interval:
    return Interval(day * DAY, (day + 1) * DAY, ref.step_seconds)

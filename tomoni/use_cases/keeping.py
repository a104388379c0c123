"""How long the ledger keeps what it has: which series are compacted to hours, which days are deleted, and doing both.

Nothing that is shown is taken away: no rule reaches what live pages, the next review or one that is held need, and
hours in which the window of a snapshot or an exclusion begins or ends stay as they are.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tomoni.catalog.ledger_keeping import needed_days
from tomoni.catalog.schema import App, DefinitionVersion
from tomoni.catalog.versions import version_of
from tomoni.ledger import Compacted, Compacting
from tomoni.ledger.horizons import SERIES_AT_ONCE
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.review.agreements import excluded_of_app
from tomoni.review.inputs import SloPlace, signals_of, slos_of
from tomoni.slo.model import DAY, HOUR

if TYPE_CHECKING:
    from tomoni.use_cases.product import Tomoni

PASS_SECONDS = 60.0  # so long one pass behind the refresh takes; the next one goes on
_USUAL_LAG = 600  # of a source that is not there any more
_YEARS = range(1990, 2041)
_EXCLUDED_DAYS = 3660  # before: no ledger is as old when it is first compacted


class Stays(StrEnum):
    """Why a series is not compacted: sums of hours would not say all that is asked of it."""

    SLICES = "slices"  # slices of time are good or bad by their own sums
    ZONE = "zone"  # days begin within an hour
    WINDOW = "window"  # it does not have full hours


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules ask for: the series to compact, why others stay (by the paths of their SLOs), and the day before
    which the days of each series are deleted."""

    compacting: tuple[Compacting, ...] = ()
    stays: Mapping[str, Stays] = field(default_factory=dict)
    forget: Mapping[str, int] = field(default_factory=dict)


def plan(product: Tomoni, app: str | None = None) -> Plan:
    """What the rules of the configuration ask for now, of one app or of all. Raises StoreError."""
    apps = product.apps()
    seen = [each for each in apps if app in (None, each.id)]
    floors = {each.id: _floor(product, each) for each in apps}
    return Plan(*_compacting(product, seen, floors), _forgetting(product, seen if app else None, floors))


def carry_out(
    product: Tomoni,
    wanted: Plan,
    go_on: Callable[[], bool] = lambda: True,
) -> tuple[Compacted, int]:
    """Does what a plan asks for in short transactions while ``go_on``: what was compacted, and how many days were
    deleted. Raises StoreError."""
    done, deleted, ledger = Compacted(), 0, product.ledger
    due = list(ledger.forgettable(wanted.forget))
    while due and go_on():
        deleted += ledger.forget({key: wanted.forget[key] for key in due[:SERIES_AT_ONCE]})
        due = due[SERIES_AT_ONCE:]
    left = ledger.to_compact(wanted.compacting)
    while left and go_on():
        done += ledger.compact(left[:SERIES_AT_ONCE])
        left = [*ledger.to_compact(left[:SERIES_AT_ONCE]), *left[SERIES_AT_ONCE:]]
    return done, deleted


def tidy(product: Tomoni) -> None:
    """What a collector does by and by: snapshots expire, and the ledger is kept as long as the rules say."""
    product.expire_snapshots()
    rules = (product.catalog.settings.ledger, *(app.kept.ledger for app in product.apps()))
    if all(each.keep_seconds is None and each.compact_after_seconds is None for each in rules):
        return
    end = time.monotonic() + PASS_SECONDS
    with product.collecting.storing():
        carry_out(product, plan(product), lambda: product.collecting.holds and time.monotonic() < end)


def _floor(product: Tomoni, app: App) -> int:
    """The moment from which on all of an app stays as it is: for its pages, its next review, and one that is held."""
    needed = needed_days(app, product.catalog.settings) * DAY
    starts = [product.now()]
    meetings = [each.value for each in product.meetings.records.listed(Meeting, app.id)]
    starts += [each.start for each in meetings if each.state in (MeetingState.DRAFT, MeetingState.OPEN)]
    closed = [each.as_of for each in meetings if each.state is MeetingState.CLOSED]
    return min([*starts, *sorted(closed)[-1:]]) - needed


def _compacting(
    product: Tomoni, apps: Sequence[App], floors: Mapping[str, int]
) -> tuple[tuple[Compacting, ...], dict[str, Stays]]:
    after = product.catalog.settings.ledger.compact_after_seconds
    if after is None:
        return (), {}
    versions = product.ledger.definitions_of([app.id for app in product.apps()])
    uses: defaultdict[str, list[_Use]] = defaultdict(list)
    for use in _uses(product.apps(), versions):
        uses[use.key].append(use)
    named = {app.id for app in apps}
    here = {key: each for key, each in uses.items() if not named.isdisjoint(use.app for use in each)}
    until = {
        key: min(product.now() - after, *(floors[use.app] for use in each)) // DAY
        for key, each in here.items()
        if each[0].step < HOUR and not any(use.stays for use in each)
    }
    due = product.ledger.to_compact([Compacting(key, here[key][0].step, day, 0) for key, day in until.items()])
    keep = _kept_hours(product, {use.app for one in due for use in here[one.key]}, max(until.values(), default=0))
    found = tuple(
        replace(
            one,
            lag_seconds=_lag(product, here[one.key][0].source),
            keep=frozenset[int]().union(*(keep[use.app] for use in here[one.key])),
        )
        for one in due
    )
    return found, {use.path: use.stays for each in here.values() for use in each if use.stays}


@dataclass(frozen=True, slots=True)
class _Use:
    """A series as an SLO counts or once counted it, and why it stays as it is because of that (None: it need not)."""

    path: str
    app: str
    key: str
    step: int
    source: str
    stays: Stays | None


def _uses(apps: Sequence[App], versions: Mapping[str, tuple[DefinitionVersion, ...]]) -> Iterator[_Use]:
    zones = {app.id: app.timezone for app in apps}
    for place in slos_of(apps):
        yield _use(place)
    for path, known in versions.items():
        app = path.partition("/")[0]
        for version in known:
            body: Mapping[str, Any] = version.body
            why = _why_stays(body.get("slices"), body.get("window"), zones.get(app, "UTC"))
            yield _Use(path, app, version.series_key, version.step_seconds, str(body.get("source")), why)


def _use(place: SloPlace) -> _Use:
    version = version_of(place.slo, 0)
    why = _why_stays(version.body["slices"], version.body["window"], place.app.timezone)
    return _Use(place.path, place.app.id, version.series_key, version.step_seconds, place.slo.source, why)


def _why_stays(slices: object, window: Any, zone: str) -> Stays | None:  # noqa: ANN401 - of a stored version
    if slices is not None:
        return Stays.SLICES
    zones = {zone, str(window.get("zone", zone))} if isinstance(window, Mapping) else {zone}
    begins = int(window.get("start_minutes", 0)) if isinstance(window, Mapping) else 0
    if begins % 60 or not all(_of_full_hours(each) for each in zones):
        return Stays.ZONE
    rolling = int(window.get("rolling", 0)) if isinstance(window, Mapping) else 0
    return Stays.WINDOW if rolling % HOUR else None


@lru_cache
def _of_full_hours(zone: str) -> bool:
    """Whether the clocks of a zone are full hours away from UTC, all year and every year."""
    local = ZoneInfo(zone)
    moments = (datetime(year, month, 1, tzinfo=UTC) for year in _YEARS for month in range(1, 13))
    offsets = (moment.astimezone(local).utcoffset() or timedelta() for moment in moments)
    return all(offset % timedelta(hours=1) == timedelta() for offset in offsets)


def _lag(product: Tomoni, source: str) -> int:
    found = product.sources.get(source)
    return _USUAL_LAG if found is None else found.lag_seconds


def _kept_hours(product: Tomoni, apps: Iterable[str], until: int) -> dict[str, frozenset[int]]:
    """The hours (numbers since 1970) of each app in which an exclusion or the window of a snapshot begins or ends."""
    found = {}
    for app in product.apps():
        if app.id in apps:
            borders = [
                border
                for span in excluded_of_app(app, (until - _EXCLUDED_DAYS) * DAY, until * DAY)
                for border in (span.start, span.end)
            ]
            borders += _borders_of_snapshots(product, app.id)
            found[app.id] = frozenset(border // HOUR for border in borders if border % HOUR)
    return {**dict.fromkeys(apps, frozenset()), **found}


def _borders_of_snapshots(product: Tomoni, app: str) -> Iterator[int]:
    for listed in product.snapshots.listed(app):
        # Of one that is deleted meanwhile or damaged there is nothing: nothing is compared with it.
        for snapshot in product.snapshots.read_all([listed.hash]).found:
            for track in snapshot.review.tracks:
                yield from (track.status.figures.start, track.status.figures.end)
            if snapshot.beside.year is not None:
                yield from (snapshot.beside.year.start, snapshot.beside.year.end)


def _forgetting(product: Tomoni, only: Sequence[App] | None, floors: Mapping[str, int]) -> dict[str, int]:
    """The day before which each series is deleted: where several apps have one, the longest of their rules."""
    default, now = product.catalog.settings.ledger.keep_seconds, product.now()
    before: dict[str, int | None] = {}
    named: set[str] = set()
    versions = product.ledger.definitions_of([app.id for app in product.apps()])
    for app in product.apps():
        keep = app.kept.ledger.keep_seconds or default
        day = None if keep is None else min(now - keep, floors[app.id]) // DAY
        own = _series_of(app, versions)
        for key in own:
            known = before.get(key, day)
            before[key] = None if day is None or known is None else min(day, known)
        named |= own if only is None or app in only else set()
    if default is not None and only is None:  # what is no longer configured
        gone = {key for key in product.ledger.keys() if key not in before}  # noqa: SIM118 - not a mapping
        before, named = before | dict.fromkeys(gone, (now - default) // DAY), named | gone
    return {key: day for key, day in before.items() if day is not None and key in named}


def _series_of(app: App, versions: Mapping[str, tuple[DefinitionVersion, ...]]) -> set[str]:
    """The series of an app's SLOs and signals, and of what its SLOs were defined as."""
    own = {place.slo.series.key for place in slos_of([app])} | {signal.series.key for _, signal in signals_of([app])}
    return own | {v.series_key for path, known in versions.items() if path.startswith(f"{app.id}/") for v in known}

"""Whether what an address names is there: apps, journeys, SLOs, rows, teams, periods, moments and snapshots."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tomoni.catalog.for_reviews import Step
from tomoni.catalog.schema import App, Catalog, Journey
from tomoni.charts.lanes import row_keys
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting, Postmortem
from tomoni.meetings.records import Records
from tomoni.review.named import begun
from tomoni.slo.date_ranges import date_range, dates_of, written_range
from tomoni.slo.model import CalendarWindow
from tomoni.slo.named_periods import name_at, unit_of
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.ui.address import Reason, Unapplied, near_text
from tomoni.ui.url_state import View, write_moment
from tomoni.use_cases.viewed import with_rows

Checked = tuple[View, list[Unapplied]]
_MOST_DAYS = 92  # of a range: as many as the longest quarter
_HASH = 16  # characters of a snapshot's hash in a link


@dataclass(frozen=True, slots=True)
class World:
    """What there is: the catalog, the snapshots, the meetings, the moment of live pages and the present one (Unix
    seconds)."""

    catalog: Catalog
    snapshots: SnapshotStore
    records: Records
    live: int
    now: int

    def app(self, view: View) -> App | None:
        """The app of a view, else the first one."""
        return self.catalog.app(view.app or "") or next(iter(self.catalog.apps), None)

    def journey(self, view: View) -> Journey | None:
        """The journey of a view, else the first one of its app."""
        app = self.app(view)
        journeys = app.journeys if app else ()
        return next((each for each in journeys if each.id == view.journey), None) or next(iter(journeys), None)

    def moment(self, view: View) -> int:
        """The moment that a page is seen at."""
        return self.live if view.at is None else view.at

    def zone(self, view: View) -> str:
        """The zone in which a view names its period: of its app, else of the settings."""
        app = self.catalog.app(view.app or "")
        return app.timezone if app else self.catalog.settings.timezone

    def zones(self, view: View) -> set[str]:
        """The zones of all apps that a view may show."""
        app = self.catalog.app(view.app or "")
        return {app.timezone} if app else {self.zone(view), *(each.timezone for each in self.catalog.apps)}


def checked(view: View, world: World) -> tuple[View, tuple[Unapplied, ...]]:
    """The view without what is not there, and what that was."""
    found: list[Unapplied] = []
    for check in _CHECKS:
        view, missing = check(view, world)
        found += missing
    return view, tuple(found)


def _app(view: View, world: World) -> Checked:
    if view.app is None or world.catalog.app(view.app) is not None:
        return view, []
    near = near_text(view.app, [app.id for app in world.catalog.apps], 0.5)
    return replace(view, app=None), [_absent("app", view.app, {"app": near} if near else {})]


def _journey(view: View, world: World) -> Checked:
    app = world.app(view)
    if view.journey is None or app is None or any(each.id == view.journey for each in app.journeys):
        return view, []
    here = [each.id for each in app.journeys]
    elsewhere = {journey.id: each.id for each in world.catalog.apps for journey in each.journeys}
    meant: dict[str, str | None] = {}
    if near := _nearest(view.journey, here, elsewhere):
        meant = {"journey": near} if near in here else {"app": elsewhere[near], "journey": near}
    return replace(view, journey=None), [_absent("journey", view.journey, meant)]


def _nearest(value: str, here: Sequence[str], elsewhere: Collection[str]) -> str:
    """The name that was probably meant: the same one elsewhere, else a similar one here, else elsewhere."""
    if value in elsewhere:
        return value
    return near_text(value, here, 0.5) or near_text(value, list(elsewhere))


def _slo(view: View, world: World) -> Checked:
    app, journey = world.app(view), world.journey(view)
    if view.slo is None or app is None or journey is None or any(each.id == view.slo for each in journey.slos):
        return view, []
    here = [each.id for each in journey.slos]
    elsewhere = {slo.id: each.id for each in app.journeys for slo in each.slos}
    meant: dict[str, str | None] = {}
    if near := _nearest(view.slo, here, elsewhere):
        meant = {"slo": near} if near in here else {"journey": elsewhere[near], "slo": near}
    return replace(view, slo=None), [_absent("slo", view.slo, meant)]


def _lanes(view: View, world: World) -> Checked:
    app, journey = world.app(view), world.journey(view)
    if app is None or journey is None or not (view.lanes or view.large):
        return view, []
    signals = with_rows(app, world.records).infra
    known = row_keys([signal for signal in signals if not signal.journeys or journey.id in signal.journeys])
    missing = []
    if view.large is not None and view.large not in known:
        near = near_text(view.large, known, 0.5)
        missing.append(_absent("large", view.large, {"large": near} if near else {}))
        view = replace(view, large=None)
    lanes = view.lanes or ()
    for lane in lanes:
        if lane not in known:
            near = near_text(lane, known, 0.5)
            meant = [near if each == lane else each for each in lanes if each in known or (each == lane and near)]
            missing.append(_absent("lanes", lane, {"lanes": ",".join(dict.fromkeys(meant)) or None}))
    return replace(view, lanes=tuple(lane for lane in lanes if lane in known) or None), missing


def _team(view: View, world: World) -> Checked:
    teams = sorted({team for app in world.catalog.apps for team in app.teams.values()})
    if view.team is None or view.team in teams:
        return view, []
    near = near_text(view.team, teams, 0.5)
    return replace(view, team=None), [_absent("team", view.team, {"team": near} if near else {})]


def _moment(view: View, world: World) -> Checked:
    if view.at is None or view.at <= world.now:
        return view, []
    written = write_moment(view.at)
    return replace(view, at=None), [Unapplied("at", written, Reason.FUTURE, {"at": None})]


def _period(view: View, world: World) -> Checked:
    if view.period is None:
        return view, []
    first_month, zones = world.catalog.settings.first_month, world.zones(view)
    if any(begun(view.period, zone, first_month, world.moment(view)) for zone in zones):
        return view, []
    if view.at is not None and any(begun(view.period, zone, first_month, world.live) for zone in zones):
        missing = Unapplied("at", write_moment(view.at), Reason.BEFORE_PERIOD, {"at": None})
        return replace(view, at=None), [missing]
    window = CalendarWindow(unit_of(view.period), world.zone(view), first_month)
    near = {"period": name_at(window, world.moment(view) - 1)}
    return replace(view, period=None), [Unapplied("period", view.period, Reason.FUTURE, near)]


def _range(view: View, world: World) -> Checked:
    if view.range is None:
        return view, []
    if view.period is not None:  # a period with a name comes first
        return replace(view, range=None), []
    first, last = dates_of(view.range)
    if last - first >= timedelta(days=_MOST_DAYS):
        near = {"range": written_range(last - timedelta(days=_MOST_DAYS - 1), last)}
        return replace(view, range=None), [Unapplied("range", view.range, Reason.TOO_LONG, near)]
    if all(date_range(view.range, zone).start >= world.moment(view) for zone in world.zones(view)):
        return replace(view, range=None), [Unapplied("range", view.range, Reason.FUTURE, {"range": None})]
    return view, []


def _snapshots(view: View, world: World) -> Checked:
    if view.snapshot is None and view.other is None:
        return view, []
    saved = {each.hash.removeprefix("sha256:"): each.app for each in world.snapshots.listed()}
    # Deleted ones count as well: the page states when that was.
    saved |= {each.hash.removeprefix("sha256:"): each.app for each in world.snapshots.deleted()}
    missing, apps = [], {}
    for name in ("snapshot", "other"):
        value = getattr(view, name)
        found = [digest for digest in saved if value is not None and digest.startswith(value)]
        if value is not None and not found:
            near = near_text(value[:_HASH], [digest[:_HASH] for digest in saved])
            missing.append(_absent(name, value, {name: near} if near else {}))
            view = replace(view, snapshot=None) if name == "snapshot" else replace(view, other=None)
        apps[name] = saved[found[0]] if found else None
    if apps["other"] is not None and apps["snapshot"] not in (None, apps["other"]):
        missing.append(Unapplied("other", view.other or "", Reason.OTHER_APP, {"other": None}))
        view = replace(view, other=None)
    return view, missing


def _meeting(view: View, world: World) -> Checked:
    if view.meeting is None:
        return view, []
    with suppress(MeetingError):  # by its id: a page that is there is drawn far more often than one that is not
        app = world.records.read(Meeting, view.meeting).value.app
        if world.catalog.app(app) is not None:
            return replace(view, app=app), []
    apps = {each.id: each.value.app for each in world.records.listed(Meeting)}
    near = near_text(view.meeting, [id_ for id_, of in apps.items() if view.app in (None, of)])
    return replace(view, meeting=None), [_absent("meeting", view.meeting, {"meeting": near} if near else {})]


def _postmortem(view: View, world: World) -> Checked:
    if view.postmortem is None:
        return view, []
    known = [each.id for each in world.records.listed(Postmortem)]
    if view.postmortem in known:
        return view, []
    near = near_text(view.postmortem, known)
    return replace(view, postmortem=None), [
        _absent("postmortem", view.postmortem, {"postmortem": near} if near else {})
    ]


def _step(view: View, _: World) -> Checked:
    if view.step is None or view.step in tuple(Step):
        return view, []
    near = near_text(view.step, tuple(Step), 0.5)
    return replace(view, step=None), [_absent("step", view.step, {"step": near} if near else {})]


def _source(view: View, world: World) -> Checked:
    if view.source is None or view.source in world.catalog.sources:
        return view, []
    near = near_text(view.source, tuple(world.catalog.sources), 0.5)
    return replace(view, source=None), [_absent("source", view.source, {"source": near} if near else {})]


def meant_here(unapplied: Iterable[Unapplied], view: View, world: World) -> Iterator[Unapplied]:
    """What of an address is not applied, with nothing called similar that is not there: what is written as ids are
    need not be one."""
    for each in unapplied:
        check, near = _OF_IDS.get(each.name), each.near.get(each.name)
        if check is None or not near or each.reason is not Reason.UNREADABLE:
            yield each
            continue
        named: dict[str, Any] = {each.name: near}
        _, missing = check(replace(view, **named), world)
        yield replace(each, near=missing[0].near) if missing else each


_OF_IDS: Mapping[str, Callable[[View, World], Checked]] = {
    "app": _app,
    "journey": _journey,
    "slo": _slo,
    "large": _lanes,
    "source": _source,
}


def _absent(name: str, value: str, near: dict[str, str | None]) -> Unapplied:
    return Unapplied(name, value, Reason.ABSENT, near)


_CHECKS: Sequence[Callable[[View, World], Checked]] = (
    _meeting,  # before the app: a meeting is of one app, whatever else the address says
    _app,
    _journey,
    _slo,
    _lanes,
    _team,
    _moment,
    _period,
    _range,
    _snapshots,
    _postmortem,
    _step,
    _source,
)

"""SLOs that sources keep themselves: fetching and storing their definitions, and figures to compare with.

A definition is fetched again after a day, one that failed at the next sync. Figures are fetched for
full hours, on which every bucket ends, and the newest of each UTC day is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, bindparam, delete, func, insert, select

from data_sources.base import KeepsSlos, NativeDefinition, NativeFigures, Source
from data_sources.errors import NotFound, QueryRefused, SourceError, log_unexpected
from tomoni.catalog.schema import NativeName
from tomoni.ledger.rows import begin_merge, chunks
from tomoni.slo.model import DAY, HOUR, CalendarUnit, CalendarWindow, Objective, RollingWindow, Window
from tomoni.store.engine import reading, write
from tomoni.store.tables import native_figures, native_slos

DEFINITION_SECONDS = DAY


@dataclass(frozen=True, slots=True)
class NativeRecord:
    """What is known of one SLO that a source keeps: its last definition (None: never received), and how
    the last request for it went. ``answered`` is when it was received, ``tried`` when it was requested."""

    tried: int
    answered: int | None
    definition: NativeDefinition | None
    error_code: str | None = None
    detail: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchedFigures:
    """A source's own figures of an SLO, and the full hour that they are for."""

    hour: int
    figures: NativeFigures


Records = dict[NativeName, NativeRecord]


def read_records(connection: Connection, names: Iterable[NativeName]) -> Records:
    """What is known of some SLOs; those never requested are left out."""
    wanted, found = set(names), Records()
    for chunk in chunks({name for _, name in wanted}):
        rows = connection.execute(select(native_slos).where(native_slos.c.name.in_(chunk)))
        for row in (row for row in rows if (row.source, row.name) in wanted):
            definition = _definition_of(row.name, row.body) if row.body is not None else None
            found[row.source, row.name] = NativeRecord(
                row.tried, row.answered, definition, row.error_code, row.detail, row.facts
            )
    return found


def read_figures(connection: Connection, names: Iterable[NativeName], until: int) -> dict[NativeName, FetchedFigures]:
    """The newest remembered figures of some SLOs that are for a time at or before a moment."""
    table, wanted = native_figures.c, set(names)
    found: dict[NativeName, FetchedFigures] = {}
    for chunk in chunks({name for _, name in wanted}):
        here = (table.name.in_(chunk), table.asked <= until)
        newest = select(table.source, table.name, func.max(table.day).label("day")).where(*here)
        last = newest.group_by(table.source, table.name).subquery()
        same = (table.source == last.c.source) & (table.name == last.c.name) & (table.day == last.c.day)
        rows = connection.execute(select(native_figures).join(last, same))
        for row in (row for row in rows if (row.source, row.name) in wanted):
            figures = NativeFigures(row.compliance, row.budget_fraction, row.at)
            found[row.source, row.name] = FetchedFigures(row.asked, figures)
    return found


def fetch_definitions(engine: Engine, sources: Mapping[str, Source], names: Iterable[NativeName], now: int) -> None:
    """Requests the definitions that are due and stores the answers, errors too."""
    wanted = list(dict.fromkeys(names))
    with reading(engine) as connection:
        known = read_records(connection, wanted)
    due = [name for name in wanted if _is_due(known.get(name), now)]
    answers = _fetch_all(sources, due, lambda source, name: source.native_definition(name[1]))
    if answers:
        rows = [_record_row(name, answer, known.get(name), now) for name, answer in answers.items()]
        write(engine, lambda connection: _replace(connection, native_slos, ("source", "name"), rows))


def fetch_figures(engine: Engine, sources: Mapping[str, Source], names: Iterable[NativeName], now: int) -> None:
    """Requests the figures at the last full hour that each source's lag has passed, where they are
    not known yet. The next sync repeats what failed."""
    hours = {name: (now - sources[name[0]].lag_seconds) // HOUR * HOUR for name in names if name[0] in sources}
    with reading(engine) as connection:
        known = read_figures(connection, hours, now)
    due = [name for name, hour in hours.items() if name not in known or known[name].hour < hour]
    answers = _fetch_all(sources, due, lambda source, name: source.native_figures(name[1], hours[name]))
    rows = [
        _figures_row(name, hours[name], answer) for name, answer in answers.items() if isinstance(answer, NativeFigures)
    ]
    if rows:
        write(engine, lambda connection: _replace(connection, native_figures, ("source", "name", "day"), rows))


def _is_due(record: NativeRecord | None, now: int) -> bool:
    if record is None or record.answered is None or record.error_code is not None:
        return True
    return now - record.answered >= DEFINITION_SECONDS


def _record_row(
    name: NativeName, answer: NativeDefinition | SourceError, before: NativeRecord | None, now: int
) -> dict[str, object]:
    row = {"source": name[0], "name": name[1], "tried": now}
    if isinstance(answer, NativeDefinition):
        return {**row, "answered": now, "body": _body_of(answer), "error_code": None, "detail": "", "facts": {}}
    kept = before.definition if before else None
    return {
        **row,
        "answered": before.answered if before else None,
        "body": None if kept is None else _body_of(kept),
        "error_code": answer.code,
        "detail": answer.detail,
        "facts": answer.facts,
    }


def _figures_row(name: NativeName, hour: int, found: NativeFigures) -> dict[str, object]:
    return {
        "source": name[0],
        "name": name[1],
        "day": hour // DAY,
        "asked": hour,
        "at": found.at,
        "compliance": found.compliance,
        "budget_fraction": found.budget_fraction,
    }


def _replace(connection: Connection, table: Table, key: tuple[str, ...], rows: Sequence[dict[str, object]]) -> None:
    """Stores rows over those of the same key."""
    begin_merge(connection)
    here = [table.c[column] == bindparam(f"of_{column}") for column in key]
    connection.execute(delete(table).where(*here), [{f"of_{column}": row[column] for column in key} for row in rows])
    connection.execute(insert(table), list(rows))


_AT_ONCE = 4
# Errors that concern one SLO alone. Any other is its source's, and nothing more is requested from it.
_OF_ONE = (NotFound, QueryRefused)
T = TypeVar("T")
Ask = Callable[[KeepsSlos, NativeName], T]


def _fetch_all(
    sources: Mapping[str, Source], names: Iterable[NativeName], ask: Ask[T]
) -> dict[NativeName, T | SourceError]:
    """Each SLO's answer, or the error in its place; SLOs of sources that keep none are left out."""
    by_source: defaultdict[str, list[NativeName]] = defaultdict(list)
    for name in names:
        by_source[name[0]].append(name)
    keepers = {source_id: source for source_id in by_source if isinstance(source := sources.get(source_id), KeepsSlos)}
    if not keepers:
        return {}
    with ThreadPoolExecutor(len(keepers), thread_name_prefix="native") as pool:
        parts = pool.map(lambda one: _fetch_source(one[1], by_source[one[0]], ask), keepers.items())
        return {name: answer for part in parts for name, answer in part.items()}


def _fetch_source(source: KeepsSlos, names: Sequence[NativeName], ask: Ask[T]) -> dict[NativeName, T | SourceError]:
    found: dict[NativeName, T | SourceError] = {}
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="native-slos") as pool:
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            found |= zip(some, pool.map(lambda name: _fetch_one(source, name, ask), some), strict=True)
            failed = (found[name] for name in some)
            stop = next((e for e in failed if isinstance(e, SourceError) and not isinstance(e, _OF_ONE)), None)
            if stop is not None:
                return {name: found.get(name, stop) for name in names}
    return found


def _fetch_one(source: KeepsSlos, name: NativeName, ask: Ask[T]) -> T | SourceError:
    try:
        return ask(source, name)
    except SourceError as error:
        return error
    except Exception as error:  # one broken adapter must not hold back the others
        log_unexpected(name[0], error)
        return SourceError(name[0], facts={"exception": type(error).__name__})


def _body_of(definition: NativeDefinition) -> dict[str, object]:
    """The definition as JSON data, without its name."""
    return {
        "title": definition.title,
        "objective": str(definition.objective.percent),
        "window": _window_body(definition.window),
        "period": definition.period,
        "method": definition.method,
        "slice_seconds": definition.slice_seconds,
    }


def _definition_of(name: str, body: Mapping[str, Any]) -> NativeDefinition:
    """The definition that `_body_of` made the data of."""
    return NativeDefinition(
        name=name,
        title=body["title"],
        objective=Objective(Decimal(body["objective"])),
        window=_window(body["window"]),
        period=body["period"],
        method=body["method"],
        slice_seconds=body["slice_seconds"],
    )


def _window_body(window: Window | None) -> dict[str, object] | None:
    if isinstance(window, CalendarWindow):
        return {"calendar": window.unit.value, "zone": window.zone}
    return None if window is None else {"rolling": window.seconds}


def _window(body: Mapping[str, Any] | None) -> Window | None:
    if body is None:
        return None
    if "rolling" in body:
        return RollingWindow(body["rolling"])
    return CalendarWindow(CalendarUnit(body["calendar"]), body["zone"])

"""What sources keep of SLOs of their own, in the data base: definitions, and figures to compare with.

A definition that was told is asked for again after a day, one that was not at the next sync. Figures
are asked for on full hours, on which every bucket ends, and the newest of each UTC day is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, Table, bindparam, delete, func, insert, select

from data_sources.base import NativeDefinition, NativeFigures, Source
from data_sources.errors import SourceError
from tomoni.catalog.schema import NativeName
from tomoni.ledger.native_asking import asked
from tomoni.ledger.native_body import body_of, definition_of
from tomoni.ledger.rows import begin_merge, chunks
from tomoni.slo.model import DAY, HOUR
from tomoni.store.engine import reading, write
from tomoni.store.tables import native_figures, native_slos

DEFINITION_SECONDS = DAY


@dataclass(frozen=True, slots=True)
class NativeRecord:
    """What is known of one SLO that a source keeps: its last definition (None: never told), and how
    asking for it went last. ``answered`` is when it was told, ``tried`` when it was asked for."""

    tried: int
    answered: int | None
    definition: NativeDefinition | None
    error_code: str | None = None
    detail: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """A source's own figures of an SLO, and the full hour that was asked for."""

    asked: int
    figures: NativeFigures


Records = dict[NativeName, NativeRecord]


def read_records(connection: Connection, names: Iterable[NativeName]) -> Records:
    """What is known of some SLOs; those never asked for are left out."""
    wanted, found = set(names), Records()
    for chunk in chunks({name for _, name in wanted}):
        rows = connection.execute(select(native_slos).where(native_slos.c.name.in_(chunk)))
        for row in (row for row in rows if (row.source, row.name) in wanted):
            definition = definition_of(row.name, row.body) if row.body is not None else None
            found[row.source, row.name] = NativeRecord(
                row.tried, row.answered, definition, row.error_code, row.detail, row.facts
            )
    return found


def read_figures(connection: Connection, names: Iterable[NativeName], until: int) -> dict[NativeName, AskedFigures]:
    """The newest remembered figures of some SLOs that were asked for at or before a moment."""
    table, wanted = native_figures.c, set(names)
    found: dict[NativeName, AskedFigures] = {}
    for chunk in chunks({name for _, name in wanted}):
        here = (table.name.in_(chunk), table.asked <= until)
        newest = select(table.source, table.name, func.max(table.day).label("day")).where(*here)
        last = newest.group_by(table.source, table.name).subquery()
        same = (table.source == last.c.source) & (table.name == last.c.name) & (table.day == last.c.day)
        rows = connection.execute(select(native_figures).join(last, same))
        for row in (row for row in rows if (row.source, row.name) in wanted):
            figures = NativeFigures(row.compliance, row.budget_fraction, row.at)
            found[row.source, row.name] = AskedFigures(row.asked, figures)
    return found


def ask_definitions(engine: Engine, sources: Mapping[str, Source], names: Iterable[NativeName], now: int) -> None:
    """Asks for the definitions that are due, and remembers what came, errors too."""
    wanted = list(dict.fromkeys(names))
    with reading(engine) as connection:
        known = read_records(connection, wanted)
    due = [name for name in wanted if _is_due(known.get(name), now)]
    answers = asked(sources, due, lambda source, name: source.native_definition(name[1]))
    if answers:
        rows = [_record_row(name, answer, known.get(name), now) for name, answer in answers.items()]
        write(engine, lambda connection: _replace(connection, native_slos, ("source", "name"), rows))


def ask_figures(engine: Engine, sources: Mapping[str, Source], names: Iterable[NativeName], now: int) -> None:
    """Asks for the figures at the last full hour that each source's lag has passed, where they are
    not known yet. What fails is asked for again by the next sync."""
    hours = {name: (now - sources[name[0]].lag_seconds) // HOUR * HOUR for name in names if name[0] in sources}
    with reading(engine) as connection:
        known = read_figures(connection, hours, now)
    due = [name for name, hour in hours.items() if name not in known or known[name].asked < hour]
    answers = asked(sources, due, lambda source, name: source.native_figures(name[1], hours[name]))
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
        return {**row, "answered": now, "body": body_of(answer), "error_code": None, "detail": "", "facts": {}}
    kept = before.definition if before else None
    return {
        **row,
        "answered": before.answered if before else None,
        "body": None if kept is None else body_of(kept),
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

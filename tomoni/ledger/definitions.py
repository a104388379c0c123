"""What SLOs were defined as, and since when: a row a version, kept when the next one comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select

from tomoni.catalog.schema import DefinitionVersion
from tomoni.ledger.rows import begin_merge, chunks
from tomoni.store.engine import reading, write
from tomoni.store.tables import definitions

Versions = dict[str, tuple[DefinitionVersion, ...]]


def read_definitions(connection: Connection, paths: Iterable[str], only_changed: bool) -> Versions:
    """The versions of SLOs by their paths, oldest first; with ``only_changed`` of those with several."""
    table = definitions.c
    found: Versions = {}
    for chunk in chunks(paths):
        condition: ColumnElement[bool] = table.path.in_(chunk)
        if only_changed:
            condition &= table.path.in_(select(table.path).group_by(table.path).having(func.count() > 1))
        found |= _found(connection, condition)
    return found


def read_definitions_of(connection: Connection, apps: Iterable[str]) -> Versions:
    """The versions of all SLOs that some apps have or had, by their paths, oldest first."""
    found: Versions = {}
    for app in apps:
        found |= _found(connection, definitions.c.path.startswith(f"{app}/", autoescape=True))
    return found


def _found(connection: Connection, condition: ColumnElement[bool]) -> Versions:
    found: dict[str, list[DefinitionVersion]] = defaultdict(list)
    query = select(definitions).where(condition).order_by(definitions.c.first_seen, definitions.c.id)
    for row in connection.execute(query):
        found[row.path].append(DefinitionVersion(row.hash, row.first_seen, row.body, row.series, row.step_seconds))
    return {path: tuple(versions) for path, versions in found.items()}


def remember_definitions(engine: Engine, current: Mapping[str, DefinitionVersion]) -> None:
    """Starts a new version of every SLO whose content is not that of its last one.

    A version that would begin before the last one is left out: the clock was set back.
    """
    with reading(engine) as connection:
        if not _new(connection, current):
            return
    write(engine, lambda connection: _insert(connection, current))


def _insert(connection: Connection, current: Mapping[str, DefinitionVersion]) -> None:
    begin_merge(connection)  # other processes wait here, and then find nothing new
    rows = [_row(path, version) for path, version in _new(connection, current).items()]
    if rows:
        connection.execute(insert(definitions), rows)


def _new(connection: Connection, current: Mapping[str, DefinitionVersion]) -> dict[str, DefinitionVersion]:
    last = {path: versions[-1] for path, versions in read_definitions(connection, current, False).items()}
    return {path: version for path, version in current.items() if _begins(version, last.get(path))}


def _begins(version: DefinitionVersion, last: DefinitionVersion | None) -> bool:
    return last is None or (version.hash != last.hash and version.first_seen >= last.first_seen)


def _row(path: str, version: DefinitionVersion) -> dict[str, object]:
    return {
        "path": path,
        "hash": version.hash,
        "first_seen": version.first_seen,
        "body": dict(version.body),
        "series": version.series_key,
        "step_seconds": version.step_seconds,
    }

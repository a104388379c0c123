"""The ledger: the remembered buckets of every series."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine

from data_sources.base import Source
from tomoni.catalog.schema import DefinitionVersion, GoodFiles, NativeName
from tomoni.ledger import reading as read_back
from tomoni.ledger.changes import Change, read_changes
from tomoni.ledger.definitions import Versions, read_definitions, read_definitions_of, remember_definitions
from tomoni.ledger.good_files import keep_good_files, read_good_files
from tomoni.ledger.horizons import (
    Compacted,
    Compacting,
    Horizon,
    compact,
    forget,
    forgettable,
    measure,
    pending,
    read_horizons,
)
from tomoni.ledger.model import NamedSeries, Remembered, RequiredSeries, SeriesState, SyncReport
from tomoni.ledger.native import (
    FetchedFigures,
    NativeRecord,
    fetch_definitions,
    fetch_figures,
    read_figures,
    read_records,
)
from tomoni.ledger.prints import day_prints
from tomoni.ledger.revisions import Revisions, read_revisions
from tomoni.ledger.rows import read_keys, read_version
from tomoni.ledger.states import read_states
from tomoni.ledger.syncing import Progress, SyncOptions, sync
from tomoni.store.engine import reading


class Ledger:
    """Reads and fills the ledger in a database that `store.engine.open_engine` opened.

    Safe in several threads and processes at once. All methods raise StoreError when the database
    fails. ``monotonic`` is the clock that measures how long a sync takes.
    """

    def __init__(
        self, engine: Engine, monotonic: Callable[[], float] = time.monotonic, known_at: int | None = None
    ) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._known_at = known_at

    def as_known_at(self, moment: int) -> Ledger:
        """The same ledger, read without what sources said otherwise of settled buckets after a moment."""
        return Ledger(self._engine, self._monotonic, moment)

    def read(self, refs: Sequence[NamedSeries], start: int, end: int) -> dict[str, Remembered]:
        """What is remembered of each series, by key, on its own grid: all buckets that touch ``[start, end)``.

        Every series has an entry; one that was never fetched has buckets without values.
        """
        with reading(self._engine) as connection:
            return read_back.read(connection, refs, start, end, self._known_at)

    def observed_before(self, keys: Iterable[str], moment: int) -> set[str]:
        """Which series have a bucket that was observed and begins before a moment (Unix seconds)."""
        with reading(self._engine) as connection:
            return read_back.observed_before(connection, keys, moment)

    def sync(
        self,
        sources: Mapping[str, Source],
        required: Sequence[RequiredSeries],
        now: int,
        on_progress: Progress | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Asks the sources for the buckets of ``required`` that are due as of ``now`` and remembers them.

        Sources are queried side by side; one that fails or raises never holds back another. Its series
        keep what is stored, and their states have the reason. Answers are
        stored about every second, whole or not at all: a killed process loses that second.
        ``on_progress(done, total, source id, buckets)`` is called after each answer. A series whose
        source is not among ``sources`` is left alone.
        """
        return sync(self._engine, sources, required, now, SyncOptions(self._monotonic, on_progress, should_stop))

    def read_again(
        self,
        sources: Mapping[str, Source],
        required: Sequence[RequiredSeries],
        now: int,
        on_progress: Progress | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """As `sync`, for all buckets of ``required``, whatever is known of them: full answers replace it.

        What a source no longer has stays (``kept`` of the report); what it says otherwise is recorded.
        """
        options = SyncOptions(self._monotonic, on_progress, should_stop, again=True)
        return sync(self._engine, sources, required, now, options)

    def changes(self, keys: Iterable[str], start: int, until: int) -> list[Change]:
        """What sources said otherwise of settled buckets in an interval, in the order in which it was found."""
        with reading(self._engine) as connection:
            found = read_changes(connection, keys, start, until)
        return [change for change in found if self._known_at is None or change.changed_at <= self._known_at]

    def states(self, keys: Iterable[str]) -> dict[str, SeriesState]:
        """How the requests for each series went, by key; those never requested are left out."""
        with reading(self._engine) as connection:
            return read_states(connection, keys)

    def definitions(self, paths: Iterable[str], only_changed: bool = False) -> Versions:
        """What SLOs were defined as by their paths (``app/journey/slo``), oldest first; with
        ``only_changed`` of those alone that have several versions."""
        with reading(self._engine) as connection:
            return read_definitions(connection, paths, only_changed)

    def definitions_of(self, apps: Iterable[str]) -> Versions:
        """What all SLOs that some apps have or had were defined as by their paths, oldest first."""
        with reading(self._engine) as connection:
            return read_definitions_of(connection, apps)

    def remember_definitions(self, current: Mapping[str, DefinitionVersion]) -> None:
        """Starts a new version of every SLO whose content is not that of its last one."""
        remember_definitions(self._engine, current)

    def good_files(self, folder: Path) -> GoodFiles:
        """What is kept of the last good configuration files of a folder, by their names in it."""
        return read_good_files(self._engine, folder)

    def keep_good_files(self, folder: Path, before: GoodFiles, now: GoodFiles) -> None:
        """Keeps what is good now; what is gone was deleted."""
        keep_good_files(self._engine, folder, before, now)

    def native(self, names: Iterable[NativeName]) -> dict[NativeName, NativeRecord]:
        """What is known of SLOs that sources keep; those never requested are left out."""
        with reading(self._engine) as connection:
            return read_records(connection, names)

    def native_figures(self, names: Iterable[NativeName], until: int) -> dict[NativeName, FetchedFigures]:
        """The newest remembered figures of such SLOs that are for a time at or before a moment."""
        with reading(self._engine) as connection:
            return read_figures(connection, names, until)

    def fetch_definitions(self, sources: Mapping[str, Source], names: Iterable[NativeName], now: int) -> None:
        """Asks the sources for the definitions of such SLOs, each at most once a day, and remembers them."""
        fetch_definitions(self._engine, sources, names, now)

    def fetch_figures(self, sources: Mapping[str, Source], names: Iterable[NativeName], now: int) -> None:
        """Asks the sources for their own figures of such SLOs, each at most once an hour, and remembers them."""
        fetch_figures(self._engine, sources, names, now)

    def keys(self) -> tuple[str, ...]:
        """The names of all series that were ever stored."""
        with reading(self._engine) as connection:
            return read_keys(connection)

    def horizons(self, keys: Iterable[str]) -> dict[str, Horizon]:
        """How far back some series are stored, and how; those of which everything is there are left out."""
        with reading(self._engine) as connection:
            return read_horizons(connection, keys)

    def to_compact(self, wanted: Sequence[Compacting]) -> list[Compacting]:
        """Those series of which a day is to be compacted yet."""
        return pending(self._engine, wanted)

    def compact(self, some: Sequence[Compacting], dry_run: bool = False) -> Compacted:
        """Compacts the next days of some series in one short transaction, or with ``dry_run`` says of all their days
        what would come of it."""
        if dry_run:
            return sum((measure(self._engine, one) for one in some), Compacted())
        return compact(self._engine, some)

    def forgettable(self, before: Mapping[str, int]) -> dict[str, int]:
        """The bytes of each series that has days before a day (numbers since 1970)."""
        return forgettable(self._engine, before)

    def forget(self, before: Mapping[str, int]) -> int:
        """Deletes the days of some series before a day each, and what changed in them; how many there were."""
        return forget(self._engine, before)

    def day_prints(self, keys: Iterable[str]) -> dict[int, str]:
        """A hash of what is stored of each day (its number since 1970) of some series, which every fetch changes."""
        with reading(self._engine) as connection:
            return day_prints(connection, keys)

    def revisions(self, keys: Iterable[str]) -> Revisions:
        """Which merge last changed each of some series, and the version now."""
        with reading(self._engine) as connection:
            return read_revisions(connection, keys)

    def version(self) -> int:
        """A number that grows with every merge: what was read at one version is still true at it."""
        with reading(self._engine) as connection:
            return read_version(connection)

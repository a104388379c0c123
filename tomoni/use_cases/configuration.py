"""The configuration that is in force, shared by all threads: one immutable value behind one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data_sources.base import Source
from tomoni.catalog.native import with_native
from tomoni.catalog.notifying import NOTHING, Notifications
from tomoni.catalog.schema import App, Catalog, NativeName
from tomoni.catalog.unread_files import ENDINGS, FOLDERS, files_below
from tomoni.catalog.who_may import AS_EVER, AccessRules
from tomoni.ledger import Ledger
from tomoni.review.inputs import slos_of

Fingerprint = tuple[tuple[str, int, int], ...]  # path, modification time and size of each file


@dataclass(frozen=True, slots=True)
class Loaded:
    """One state of the configuration files: their catalog, the sources that it names, who may do what, and who is told
    of budgets."""

    catalog: Catalog
    sources: Mapping[str, Source]
    access: AccessRules = AS_EVER
    notifications: Notifications = NOTHING


@dataclass(frozen=True, slots=True)
class Setup:
    """The configuration as it stood at one time.

    ``written`` is the catalog as the files have it, ``catalog`` the same completed with the
    definitions that sources keep. ``generation`` grows with every change: what was calculated under
    one generation is not valid under another.
    """

    written: Catalog
    catalog: Catalog
    sources: Mapping[str, Source]
    fingerprint: Fingerprint
    generation: int
    access: AccessRules = AS_EVER
    notifications: Notifications = NOTHING

    def apps(self, app: str | None = None) -> tuple[App, ...]:
        """All apps, or the one with an id (none when it is unknown)."""
        return tuple(each for each in self.catalog.apps if app is None or each.id == app)


class Configuration:
    """Holds the setup that is in force and replaces it as a whole.

    A use case reads ``current`` once and works on that value to its end. Every change derives the
    next setup from the current one under the lock, so that no change is lost.
    """

    def __init__(self, folder: Path, load: Callable[[], Loaded], ledger: Ledger) -> None:
        self._folder = folder
        self._load = load
        self._ledger = ledger
        self._changing = threading.Lock()
        self._current = self._read(generation=1)

    @property
    def current(self) -> Setup:
        """The setup that is in force."""
        return self._current

    def reload_changed_files(self) -> None:
        """Reloads the configuration if a file changed, and closes the sources of the old one."""
        with self._changing:
            old = self._current
            if fingerprint_of(self._folder) == old.fingerprint:
                return
            self._current = self._read(old.generation + 1)
        for source in old.sources.values():
            source.close()

    def fetch_native_definitions(self, now: int, source: str | None = None) -> None:
        """Fetches the definitions of SLOs that sources keep (or one source), where they are due, and puts
        them in force."""
        setup = self._current
        names = [name for name in native_names(setup.catalog.apps) if source in (None, name[0])]
        if not names:
            return
        self._ledger.fetch_definitions(setup.sources, names, now)  # may take long: outside the lock
        self.complete()

    def complete(self) -> None:
        """Puts in force what is stored of definitions that sources keep; no source is asked."""
        with self._changing:
            latest = self._current
            catalog = self._completed(latest.written)
            if catalog != latest.catalog:
                self._current = replace(latest, catalog=catalog, generation=latest.generation + 1)

    def close(self) -> None:
        """Closes the connections of all sources."""
        for source in self._current.sources.values():
            source.close()

    def _read(self, generation: int) -> Setup:
        fingerprint = fingerprint_of(self._folder)  # before the files: a change meanwhile is seen next time
        loaded = self._load()
        completed = self._completed(loaded.catalog)
        rules = (loaded.access, loaded.notifications)
        return Setup(loaded.catalog, completed, loaded.sources, fingerprint, generation, *rules)

    def _completed(self, written: Catalog) -> Catalog:
        """The catalog with the stored definitions of SLOs that sources keep."""
        names = native_names(written.apps)
        records = self._ledger.native(names) if names else {}
        return with_native(written, {name: r.definition for name, r in records.items() if r.definition is not None})


def native_names(apps: Sequence[App]) -> list[NativeName]:
    """The SLOs of some apps that their sources keep."""
    return [place.slo.native_name for place in slos_of(apps) if place.slo.native_name is not None]


def fingerprint_of(folder: Path) -> Fingerprint:
    """What is read of a folder, through links too, with its times and sizes; what cannot be looked at (a link to
    nothing) counts by its name."""
    found = []
    for path in sorted(files_below(folder)):
        if path.suffix in ENDINGS or path.name in FOLDERS:
            try:
                state = path.stat()
                found.append((str(path), state.st_mtime_ns, state.st_size))
            except OSError:
                found.append((str(path), 0, -1))
    return tuple(found)

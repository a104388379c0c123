"""Puts the product together: settings → clock, database, catalog, sources. The only place that names
concrete classes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from data_sources.config import SourceConfig
from data_sources.kinds import KINDS
from data_sources.masking import hide_all
from tomoni import logs
from tomoni.access.audit import Deeds
from tomoni.catalog.load import load_files
from tomoni.ledger import Ledger
from tomoni.meetings.meetings import Meetings
from tomoni.settings import ProcessSettings
from tomoni.snapshots.leftovers import remove_left_folders
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.drawn import DrawnRows
from tomoni.store.engine import open_engine, size_of, without_secrets_of
from tomoni.store.errors import StoreError
from tomoni.store.leases import Candidate, Leases
from tomoni.use_cases.configuration import Configuration, Loaded
from tomoni.use_cases.demo_forgetting import forget_demo_story
from tomoni.use_cases.product import Clock, Tomoni
from tomoni.use_cases.stores import Stores


def open_tomoni(
    settings: ProcessSettings, environ: Mapping[str, str] | None = None, candidate: Candidate | None = None
) -> Tomoni:
    """Reads the configuration and opens the database; the temporary folders of killed processes go. ``candidate`` is
    the process where it is more than one of many that may ask the sources. Raises `store.engine.StoreError`."""
    with suppress(OSError):  # no folder for temporary files
        remove_left_folders()
    variables = os.environ if environ is None else environ
    clock: Clock = time.time if settings.now is None else settings.now.timestamp
    engine = open_engine(settings.database_url.get_secret_value())
    ledger = Ledger(engine)
    loader = _Loader(settings, variables, clock, ledger)
    configuration = Configuration(settings.config, loader.load, ledger)
    snapshots, meetings = SnapshotStore(engine, deeds=Deeds(clock)), Meetings(engine, clock)
    leases, drawn = Leases(engine, "collector"), DrawnRows(engine)
    stores = Stores(ledger, snapshots, meetings, leases, drawn, partial(size_of, engine), engine.dispose)
    tomoni = Tomoni(settings, clock, configuration, stores, candidate)
    with suppress(StoreError):  # of a database that may only be read
        forget_demo_story(tomoni)
    return tomoni


def set_up_logs(settings: ProcessSettings) -> None:
    """Writes the log of this process in the form that is set, without secrets."""
    url = settings.database_url.get_secret_value()
    known = [secret for secret in settings.secrets() if secret and secret != url]

    def hide(text: str) -> str:
        for secret in known:
            text = text.replace(secret, "***")
        return hide_all(without_secrets_of(url, text))

    logs.set_up(settings.log, hide)


@dataclass
class _Loader:
    """Loads the catalog of the configuration files, and one adapter for each source that it names.

    The last good definitions stay in force for what is broken now; those of sources with secrets in them
    only as long as the process runs.
    """

    settings: ProcessSettings
    environ: Mapping[str, str]
    clock: Clock
    ledger: Ledger
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)

    def load(self) -> Loaded:
        """The files as they are now."""
        folder = self.settings.config
        good = self.ledger.good_files(folder)
        found = load_files(folder, self.environ, good, self.settings.variables(), self.sources)
        self.ledger.keep_good_files(folder, good, found.good)
        self.sources = found.catalog.sources
        adapters = {
            source_id: KINDS[config.kind].open(source_id, config, self.clock)
            for source_id, config in self.sources.items()
        }
        return Loaded(found.catalog, adapters, found.access, found.notifications)

"""Puts the product together: settings → clock, database, catalog, sources. The only place that names
concrete classes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from data_sources.kinds import KINDS
from tomoni.catalog.load import load_files
from tomoni.ledger import Ledger
from tomoni.settings import ProcessSettings
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.engine import open_engine
from tomoni.use_cases.configuration import Configuration, Loaded
from tomoni.use_cases.product import Clock, Tomoni


def open_tomoni(settings: ProcessSettings, environ: Mapping[str, str] | None = None) -> Tomoni:
    """Reads the configuration and opens the database. Raises `store.engine.StoreError`."""
    variables = os.environ if environ is None else environ
    clock: Clock = time.time if settings.now is None else settings.now.timestamp
    engine = open_engine(settings.database_url.get_secret_value())
    ledger = Ledger(engine)
    configuration = Configuration(settings.config, lambda: _load(settings, variables, clock, ledger), ledger)
    return Tomoni(settings, clock, configuration, ledger, SnapshotStore(engine), engine.dispose)


def _load(settings: ProcessSettings, environ: Mapping[str, str], clock: Clock, ledger: Ledger) -> Loaded:
    """The catalog of the configuration files, and one adapter for each source that it names.

    The last good definitions stay in force for what is broken now.
    """
    good = ledger.good_files(settings.config)
    found = load_files(settings.config, environ, good, settings.variables())
    ledger.keep_good_files(settings.config, good, found.good)
    catalog = found.catalog
    sources = {
        source_id: KINDS[config.kind].open(source_id, config, clock) for source_id, config in catalog.sources.items()
    }
    return Loaded(catalog, sources)

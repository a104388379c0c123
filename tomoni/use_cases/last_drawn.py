"""What live pages show, drawn from what was drawn before: by this process, or by any on the same database.

A process that has just been started shows what was drawn last, as of that moment, instead of evaluating everything
before its first page; the next refresh draws anew. Nothing is taken over of an SLO that is defined otherwise now, nor
of what another version of the maths evaluated.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby
from pathlib import Path

import tomoni
from data_sources.base import Notice
from tomoni.catalog.schema import Exclusion, Slo
from tomoni.review.again import Evaluated, Known
from tomoni.review.inputs import SloPlace, slos_of
from tomoni.review.model import NativeComparison, SloStatus
from tomoni.slo.model import Figures, Line
from tomoni.snapshots.record.codec import decode, encode
from tomoni.snapshots.record.snapshot import canonical
from tomoni.store.drawn import DrawnRow, DrawnRows
from tomoni.store.errors import StoreError
from tomoni.use_cases.background import Live
from tomoni.use_cases.configuration import Setup
from tomoni.use_cases.reviewing import Reviewing

log = logging.getLogger("tomoni")
_FEW = 50  # SLOs that a first page waits for
_KEEP_EVERY_SECONDS = 300
_MATHS = ("slo", "review", "ledger", "catalog")  # the rooms whose code decides what figures come to


@dataclass(frozen=True, slots=True)
class _Saved:
    """What is kept of one SLO: see `review.again.Evaluated` and `review.model.SloStatus`."""

    path: str
    definition: str
    stored: str
    wanted: int
    end: int
    figures: Figures
    known_until: int | None
    notices: tuple[Notice, ...]
    change_7d: float | None
    daily: Line
    daily_burn: Line
    native: NativeComparison | None


_OF_STATUS = tuple(field.name for field in fields(_Saved))[5:]


class Drawing:
    """Draws what live pages show. ``reviewing`` gives what to read by, now; safe in several threads."""

    def __init__(self, reviewing: Callable[[], Reviewing], rows: DrawnRows) -> None:
        self._reviewing, self._rows = reviewing, rows
        self._known: Known = {}
        self._lock = threading.Lock()  # guards the two values below
        self._kept_at: int | None = None
        self._hashes: tuple[Setup, Mapping[str, str]] | None = None

    def first(self) -> Live:
        """What was drawn last, where drawing it anew would take long; else a new drawing."""
        reviewing = self._reviewing()
        definitions = self._definitions(reviewing.setup)
        if len(definitions) > _FEW:
            rows = self._read()
            known = _loaded(rows, reviewing.setup)
            usable = sum(each.definition == definitions[path] for path, each in known.items())
            row = next(iter(rows.values()), None)
            if row is not None and row.as_of <= reviewing.now and len(definitions) - usable <= usable:
                return self._as_drawn(reviewing, row, known)
        return self._anew(reviewing)

    def anew(self) -> Live:
        """A new drawing, which other processes find when they start."""
        live = self._anew(self._reviewing())
        self._keep(live)
        return live

    def _as_drawn(self, reviewing: Reviewing, row: DrawnRow, known: Known) -> Live:
        definitions = self._definitions(reviewing.setup)
        overview, self._known = reviewing.overview_as_drawn(row.as_of, known, definitions)
        return Live(row.as_of, row.version, overview)

    def _anew(self, reviewing: Reviewing) -> Live:
        version = reviewing.ledger.version()
        overview, self._known = reviewing.overview_again(self._known, self._definitions(reviewing.setup))
        return Live(reviewing.now, version, overview)

    def _definitions(self, setup: Setup) -> Mapping[str, str]:
        with self._lock:
            if self._hashes is None or self._hashes[0] is not setup:
                self._hashes = (setup, {place.path: _hash_of(setup, place) for place in slos_of(setup.apps())})
            return self._hashes[1]

    def _read(self) -> Mapping[str, DrawnRow]:
        """The rows of the newest moment."""
        try:
            rows = self._rows.read()
        except StoreError as error:
            log.warning("what was drawn last cannot be read: %s", error)
            return {}
        newest = max((row.as_of for row in rows.values()), default=0)
        return {app: row for app, row in rows.items() if row.as_of == newest}

    def _keep(self, live: Live) -> None:
        """Keeps a drawing, every few minutes, unless another process has."""
        with self._lock:
            due = self._kept_at is None or live.as_of - self._kept_at >= _KEEP_EVERY_SECONDS
            if not due or len(live.overview.statuses) <= _FEW:
                return
            self._kept_at = live.as_of
        try:
            newest = self._rows.newest()
            if newest is None or not 0 <= live.as_of - newest < _KEEP_EVERY_SECONDS:
                self._rows.keep(_saved(live, self._known))
        except StoreError as error:  # of a database that may only be read
            log.warning("what was drawn cannot be kept: %s", error)


def _saved(live: Live, known: Known) -> dict[str, DrawnRow]:
    found = {}
    paths = (status.path for status in live.overview.statuses if known[status.path].status.as_of == live.as_of)
    for app, of_app in groupby(paths, key=lambda path: path.partition("/")[0]):
        data = [encode(_row_of(path, known[path]), _Saved) for path in of_app]
        found[app] = DrawnRow(live.as_of, live.version, zlib.compress(canonical(data), 1))
    return found


def _row_of(path: str, each: Evaluated) -> _Saved:
    status, made = each.status, (each.definition, each.stored, each.wanted, each.end)
    return _Saved(path, *made, *(getattr(status, name) for name in _OF_STATUS))


def _loaded(rows: Mapping[str, DrawnRow], setup: Setup) -> dict[str, Evaluated]:
    """What rows hold of the SLOs that are configured; what cannot be read is left out."""
    places = {place.path: place for place in slos_of(setup.apps())}
    found: dict[str, Evaluated] = {}
    for app, row in rows.items():
        try:
            saved = [decode(each, _Saved) for each in json.loads(zlib.decompress(row.payload))]
        except (zlib.error, ValueError, TypeError) as error:
            log.warning("what was drawn last of %s cannot be read: %s", app, error)
            continue
        found |= {each.path: _evaluated(places[each.path], each, row.as_of) for each in saved if each.path in places}
    return found


def _evaluated(place: SloPlace, saved: _Saved, as_of: int) -> Evaluated:
    of_status = {name: getattr(saved, name) for name in _OF_STATUS}
    status = SloStatus(*place, as_of=as_of, queries=(), problem=None, **of_status)
    return Evaluated(status, saved.definition, saved.stored, saved.wanted, saved.end)


def _hash_of(setup: Setup, place: SloPlace) -> str:
    """All that is configured and enters the status of an SLO, with the code that evaluates it."""
    app, journey, slo = place
    exclusions = [each for each in app.exclusions if each.concerns(journey.id, slo.id)]
    held = setup.catalog.held.get(place.path)
    data = {
        "maths": maths(),
        "zone": app.timezone,
        "slo": encode(slo, Slo),
        "exclusions": [encode(each, Exclusion) for each in exclusions],
        "held": [held.file, held.line] if held else None,
    }
    return hashlib.sha256(canonical(data)).hexdigest()[:32]


@cache
def maths() -> str:
    """The hash of the code that figures come from: another version of it may say otherwise."""
    digest, root = hashlib.sha256(), Path(tomoni.__file__).parent
    for room in _MATHS:
        for file in sorted((root / room).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()

"""Events in a CSV file: columns ``time`` and ``title``, and ``kind``, ``until``, ``url``, ``id`` if there are any."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from data_sources.errors import BadAnswer, NotFound
from data_sources.events import Happened

_MOST_ROWS = 20_000
_EARLIEST, _LATEST = 1e8, 1e11  # outside are no present-day Unix seconds


def read_events(source: str, path: Path) -> tuple[Happened, ...]:
    """The rows that can be read: of others a time or a title is missing. Raises SourceError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            _check(source, path, rows.fieldnames or ())
            return tuple(_events(islice(rows, _MOST_ROWS)))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise BadAnswer(source, "", {"reason": "unreadable_file", "file": path.name}) from None


def _check(source: str, path: Path, names: Sequence[str]) -> None:
    for column in ("time", "title"):
        if column not in names:
            raise NotFound(source, facts={"reason": "no_column", "file": path.name, "column": column})


def _events(rows: Iterator[dict[str, str]]) -> Iterator[Happened]:
    for row in rows:
        told = {name: (row.get(name) or "").strip() for name in ("time", "title", "kind", "until", "url", "id")}
        at = _unix(told["time"])
        if at is not None and told["title"]:
            yield Happened(at, told["title"][:300], told["kind"].lower(), _unix(told["until"]), told["url"], told["id"])


def _unix(written: str) -> int | None:
    """Unix seconds of a number of them, or of ISO 8601 with a zone (UTC without one); None of anything else."""
    try:
        seconds = float(written)
    except ValueError:
        try:
            moment = datetime.fromisoformat(written)
            seconds = (moment if moment.tzinfo else datetime.fromisoformat(f"{written}+00:00")).timestamp()
        except (ValueError, OverflowError):
            return None
    return int(seconds) if _EARLIEST < seconds < _LATEST else None

"""Rows of the list of snapshots without their records, for tests that need many or odd ones."""

from __future__ import annotations

from sqlalchemy import Engine, insert

from tomoni.slo.model import DAY
from tomoni.store.engine import write
from tomoni.store.tables import snapshots as table

MADE = 1_790_000_000


def digest(n: int) -> str:
    """A hash that begins with the number."""
    return f"sha256:{n:06x}" + "f" * 58


def row(n: int, app: str = "shop", made_at: int | None = None, as_of: int | None = None) -> dict[str, object]:
    """One snapshot, by default a day after the one before."""
    moment = MADE + n * DAY if made_at is None else made_at
    return {
        "hash": digest(n),
        "app": app,
        "as_of": moment if as_of is None else as_of,
        "start": moment - 28 * DAY,
        "made_at": moment,
        "version": 1,
        "numbers": digest(n),
        "summary": {"title": {"en": "Shop"}, "states": {"healthy": 2, "at_risk": 1}},
        "payload": b"x" * (1000 + n),
    }


def save(engine: Engine, *rows: dict[str, object]) -> None:
    """Saves rows as they are."""
    write(engine, lambda connection: connection.execute(insert(table), list(rows)))

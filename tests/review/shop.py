"""A shop whose counts lie in files, so that what is true is written down beside the test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

START = 1_790_035_200  # 2026-09-22T00:00:00Z
STEP = 300
DAY = 86_400
SOURCES = "sources: {exports: {kind: files, path: ../data}}\n"
APP = """\
app: shop
title: {en: Shop, ja: 店舗}
teams: {app: sales, infra: platform}
timezone: Asia/Tokyo
journeys:
  - id: buy
    title: Buy
    slos:
      - {id: availability, objective: 99, window: 2d, sli: {source: exports, counts: orders.csv}}
infra:
  - {id: cpu, title: CPU, source: exports, query: {file: hosts.csv, value: cpu}, unit: ratio, limit: 0.8}
"""

Row = tuple[int, float, float]


class Shop:
    """A configuration folder, its files of counts, and a database; the clock is set by hand."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder, self.database_url = folder, database_url or f"sqlite:///{folder / 'tomoni.db'}"
        (folder / "config" / "apps").mkdir(parents=True)
        (folder / "data").mkdir()
        (folder / "config" / "sources.yaml").write_text(SOURCES)
        (folder / "config" / "apps" / "shop.yaml").write_text(APP)

    def write_orders(self, rows: Iterable[Row]) -> None:
        """Rows of (bucket start, total, bad)."""
        lines = [f"{time},{total},{bad}" for time, total, bad in rows]
        (self.folder / "data" / "orders.csv").write_text("\n".join(["time,total,bad", *lines, ""]))

    def write_hosts(self, rows: Iterable[tuple[int, float]]) -> None:
        """Rows of (bucket start, cpu)."""
        lines = [f"{time},{cpu}" for time, cpu in rows]
        (self.folder / "data" / "hosts.csv").write_text("\n".join(["time,cpu", *lines, ""]))

    def open(self, now: int) -> Tomoni:
        """The product on this shop, at a moment."""
        settings = ProcessSettings(
            config=self.folder / "config",
            database_url=self.database_url,  # type: ignore[arg-type]
            now=datetime.fromtimestamp(now, UTC),
        )
        return open_tomoni(settings, {})


def steady(days: float, bad_every: int = 50) -> list[Row]:
    """Buckets of 100 events; each ``bad_every``-th bucket has 10 bad ones."""
    count = int(days * DAY / STEP)
    return [(START + i * STEP, 100.0, 10.0 if i % bad_every == 0 else 0.0) for i in range(count)]

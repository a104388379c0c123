"""A small world for the command line: one app whose five SLOs are in the five states, from CSV files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
HOUR, BUCKET = 3600, 300
SOURCES = """\
sources:
  exports:
    kind: files
    path: ../data
"""
SETTINGS = "timezone: Asia/Tokyo\n"
APP = """\
app: shop
title: {en: Shop, ja: お店}
teams: {app: payments, infra: platform}
journeys:
  - id: place-order
    title: {en: Place an order, ja: 注文する}
    slos:
      - id: availability
        title: {en: Orders that go through, ja: 注文が通る割合}
        objective: 99.9
        window: 28d
        sli: {source: exports, counts: availability.csv}
      - id: latency
        title: {en: Answers in time, ja: 時間内の応答}
        objective: 99.9
        window: 28d
        min_events: 10000000
        sli: {source: exports, counts: latency.csv}
      - id: mail
        title: {en: Order mails, ja: 注文メール}
        objective: 99
        window: {calendar: month}
        sli: {source: exports, counts: mail.csv}
  - id: import
    title: {en: Import stock, ja: 在庫の取り込み}
    slos:
      - {id: rows, title: Rows, objective: 95, window: 7d, sli: {source: exports, counts: rows.csv}}
      - id: files
        title: Files
        objective: 95
        window: 7d
        method: timeslices
        slice: {length: 5m, target: 99}
        sli: {source: exports, counts: files.csv}
"""


def build(folder: Path) -> Path:
    """Writes configuration and data into a folder; the configuration's own folder."""
    config = folder / "config"
    (config / "apps").mkdir(parents=True)
    (folder / "data").mkdir()
    (config / "sources.yaml").write_text(SOURCES)
    (config / "settings.yaml").write_text(SETTINGS)
    (config / "apps" / "shop.yaml").write_text(APP)
    now = int(NOW.timestamp())
    moments = range(now - 35 * 24 * HOUR, now, BUCKET)
    written: dict[str, Callable[[int], str]] = {
        "availability": lambda moment: "1000,0.25",
        "latency": lambda moment: "1000,0.875",
        "mail": lambda moment: "500,50" if moment >= now - 6 * HOUR else "500,5",
        "rows": lambda moment: "0,0",
    }
    for name, counts in written.items():
        rows = "\n".join(f"{moment},{counts(moment)}" for moment in moments)
        (folder / "data" / f"{name}.csv").write_text(f"time,total,bad\n{rows}\n")
    (folder / "data" / "files.csv").write_text("time,total,bad\n1700000000,1,0\n")
    return config

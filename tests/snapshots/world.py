"""A shop whose titles are hostile, frozen once: every format must bear it and say the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.review.shop import DAY, START, STEP, Row, Shop
from tomoni.review.model import Period
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.use_cases.product import Tomoni

NOW = START + 6 * DAY
DAYS = 4
SCRIPT = "<script>document.title='taken'</script>"
FORMULA = '=cmd()|"/c calc"!A1'
PIPES = "a|b `c` *d* [e](javascript:f) \"g\" 'h'"
LONG = "unbreakable" * 30
NOTES = f"First {SCRIPT}\n\n{FORMULA}\n\n# no heading\n{LONG}"
APP = f"""\
app: shop
title: {{en: "{SCRIPT}", ja: 店舗}}
teams: {{app: "=1+1", infra: platform}}
timezone: Asia/Tokyo
journeys:
  - id: buy
    title: {{en: '{FORMULA.replace("'", "''")}', ja: 買う}}
    slos:
      - {{id: availability, objective: 99, window: 2d, sli: {{source: exports, counts: orders.csv}}}}
      - id: strict
        title: '{PIPES.replace("'", "''")}'
        objective: 99.9
        window: 2d
        sli: {{source: exports, counts: strict.csv}}
      - {{id: silent, objective: 99, window: 2d, sli: {{source: exports, counts: silent.csv}}}}
infra:
  - {{id: cpu, title: "{LONG}", source: exports, query: {{file: hosts.csv, value: cpu}}, unit: ratio, limit: 0.8}}
  - {{id: heap, title: ヒープ, source: exports, query: {{file: heap.csv, value: heap}}, unit: bytes}}
"""


def hostile_shop(folder: Path) -> Shop:
    """The shop, with its data."""
    shop = Shop(folder)
    (folder / "config" / "apps" / "shop.yaml").write_text(APP)
    rows = list(_counts())
    shop.write_orders(rows)
    _write(folder / "data" / "strict.csv", "time,total,bad", ((t, n / 3, bad / 7) for t, n, bad in rows))
    _write(folder / "data" / "silent.csv", "time,total,bad", [])
    _write(folder / "data" / "heap.csv", "time,heap", ((t, 3e9 + 1e6 * (t % 7200)) for t, _, _ in rows))
    shop.write_hosts((t, 0.9 if _in_dip(t) else 0.4 + (t % 900) / 9000) for t, _, _ in rows)
    return shop


def frozen(tomoni: Tomoni) -> Snapshot:
    """The shop's snapshot of the last days."""
    return tomoni.freeze(tomoni.apps()[0], Period(NOW, DAYS), NOTES)


def _counts() -> Iterable[Row]:
    """Six days of 100 events in five minutes, an hour in which a tenth fails, three hours without an answer."""
    for n in range(6 * DAY // STEP):
        time = START + n * STEP
        if not START + 5 * DAY <= time < START + 5 * DAY + 3 * 3600:
            yield time, 100.0 + n % 7, 10.0 if _in_dip(time) else float(n % 50 == 0)


def _in_dip(time: int) -> bool:
    return START + int(4.5 * DAY) <= time < START + int(4.5 * DAY) + 3600


def _write(file: Path, heading: str, rows: Iterable[tuple[float, ...]]) -> None:
    lines = [",".join(repr(value) for value in row) for row in rows]
    file.write_text("\n".join([heading, *lines, ""]))

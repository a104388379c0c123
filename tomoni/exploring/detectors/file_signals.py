"""Columns of files that hold what the infrastructure does: processor, memory, disk, load, connections, queues."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tomoni.catalog.schema import Unit
from tomoni.exploring.draft import slug
from tomoni.exploring.likely import LikelySignal
from tomoni.exploring.stock import Stock

_COLUMN = re.compile(r"(?P<file>(?P<stem>.+)\.(?:csv|parquet)):(?P<column>.+)", re.IGNORECASE)
_WORTH = re.compile(
    r"cpu|mem|memory|ram|heap|disk|load|load1|network|connections?|conns|threads|queue|backlog|lag|restarts?"
    r"|utili[sz]ation|usage|replicas|instances|pods",
    re.IGNORECASE,
)
# By the last word of a name; a number without any is a number.
_UNITS = {
    "ratio": Unit.RATIO,
    "percent": Unit.PERCENT,
    "pct": Unit.PERCENT,
    "bytes": Unit.BYTES,
    "seconds": Unit.SECONDS,
}
_MOST = 8


def find_columns(stock: Stock) -> Iterator[LikelySignal]:
    """The first columns by their names; of a source that has files."""
    if not stock.has_columns:
        return
    taken: set[str] = set()
    for name in stock.metrics:
        match = _COLUMN.fullmatch(name)
        words = re.split(r"[_\-. ]+", match["column"]) if match else []
        if match is None or len(taken) >= _MOST or not any(_WORTH.fullmatch(word) for word in words):
            continue
        id_ = slug(f"{match['stem']}-{match['column']}", f"column-{len(taken) + 1}")
        if id_ not in taken:
            taken.add(id_)
            keys = {"file": match["file"], "value": match["column"]}
            title = f"{match['column']} ({match['file']})"
            yield LikelySignal(id_, keys, _UNITS.get(words[-1].lower(), Unit.COUNT), title=title)

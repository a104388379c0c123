"""Files whose columns count under other names than good, bad and total: by words, and by edges of latencies."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tomoni.exploring.detectors.shapes import WANTED_SECONDS
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_FILE = re.compile(r"(?P<file>(?P<stem>.+)\.(?:csv|parquet)):(?P<column>.+)", re.IGNORECASE)
_WORDS: Mapping[str, str] = {
    "bad": r"bad|errors?|failed|failures?|fails|5xx|http_5xx|rejected|timeouts?",
    "good": r"good|ok|success(?:es|ful)?|succeeded|2xx|completed|delivered",
    "total": r"total|all|count|requests?|calls|orders|jobs|messages|events|hits|attempts|valid",
}
# A word alone; else one behind the name of whom it counts for.
_PATTERNS = [
    (role, re.compile(f"{whose}(?:num_|n_|count_)?(?:{words})(?:_(?:count|total|requests))?", re.IGNORECASE))
    for whose in ("(?P<whose>)", r"(?P<whose>.+)[_\-. ]")
    for role, words in _WORDS.items()
]
_EDGE = re.compile(
    r"(?:(?P<whose>.+)[_\-. ])?(?:le|lt|under|within|below|faster_than)_?"
    r"(?P<edge>\d+(?:[._]\d+)?|\+?inf)_?(?P<unit>ms|s|sec|seconds)?",
    re.IGNORECASE,
)
_FASTEST_OF_MILLISECONDS = 10.0  # a number without a unit that is greater counts milliseconds

Columns = Mapping[str, str]


def find(stock: Stock) -> Iterator[LikelySli]:
    """What each file counts: failures by words, and speed by edges; each for whom the columns name."""
    for file, (stem, columns) in sorted(_files(stock).items()):
        words: dict[str, dict[str, str]] = defaultdict(dict)
        edges: dict[str, dict[float, str]] = defaultdict(dict)
        for column in columns:
            _sort(column, words, edges)
        for whose in sorted({*words, *edges}):
            yield from _failures(file, whose or stem, words[whose])
            yield from _speed(file, whose or stem, words[whose], edges[whose])


def _files(stock: Stock) -> Mapping[str, tuple[str, list[str]]]:
    """The plain columns of each file, of a source that has files."""
    if not stock.has_columns:
        return {}
    found: dict[str, tuple[str, list[str]]] = {}
    for name in stock.metrics:
        if match := _FILE.fullmatch(name):
            found.setdefault(match["file"], (match["stem"], []))[1].append(match["column"])
    # A file that counts by the usual names has been found by these.
    return {file: each for file, each in found.items() if file not in stock.metrics}


def _sort(column: str, words: dict[str, dict[str, str]], edges: dict[str, dict[float, str]]) -> None:
    if match := _EDGE.fullmatch(column):
        edges[match["whose"] or ""][_seconds(match)] = column
        return
    for role, pattern in _PATTERNS:
        if match := pattern.fullmatch(column):
            # In `orders_failed` beside `orders` the first word is no name.
            whose = "" if re.fullmatch(_WORDS["total"], match["whose"], re.IGNORECASE) else match["whose"]
            words[whose].setdefault(role, column)
            return


def _seconds(match: re.Match[str]) -> float:
    edge = float(match["edge"].replace("_", "."))
    unit = (match["unit"] or "").lower()
    milliseconds = unit == "ms" or (not unit and edge >= _FASTEST_OF_MILLISECONDS)
    return edge / 1000 if milliseconds else edge


def _failures(file: str, subject: str, words: Columns) -> Iterator[LikelySli]:
    roles = [role for role in ("total", "bad", "good") if role in words][:2]
    if len(roles) == 2:
        yield _sli(Quality.AVAILABILITY, file, subject, {role: words[role] for role in roles})


def _speed(file: str, subject: str, words: Columns, edges: Mapping[float, str]) -> Iterator[LikelySli]:
    finite = [edge for edge in edges if edge != float("inf")]
    total = edges.get(float("inf")) or words.get("total")
    if finite and total:
        nearest = min(finite, key=lambda edge: abs(edge - WANTED_SECONDS))
        yield _sli(Quality.LATENCY, file, subject, {"total": total, "good": edges[nearest]})


def _sli(quality: Quality, file: str, subject: str, columns: Columns) -> LikelySli:
    first, second = columns.values()
    keys = {"counts": file, **columns}
    return LikelySli(quality, keys, f"{file}: {first}", subject, Confidence.POSSIBLE, second)

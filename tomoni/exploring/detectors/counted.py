"""Series that are good and total counts by their names already: files of counts, and those of the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_ENDING = re.compile(r"\.(?:csv|parquet)$", re.IGNORECASE)
_QUALITIES = (
    (Quality.LATENCY, re.compile(r"latency|duration|in-time|fast|slow", re.IGNORECASE)),
    (Quality.DELIVERY, re.compile(r"deliver|mail|job|batch|import", re.IGNORECASE)),
)
_LAST = re.compile(r"[-_. ](?:availability|latency|in-time|delivered|import|errors|requests)$", re.IGNORECASE)


def find(stock: Stock) -> Iterator[LikelySli]:
    """One SLI for each; its name says whose it is."""
    for metric in stock.counted:
        name = _ENDING.sub("", metric.name)
        quality = next((each for each, pattern in _QUALITIES if pattern.search(name)), Quality.AVAILABILITY)
        yield LikelySli(
            quality=quality,
            keys={"counts": metric.name},
            metric=metric.name,
            subject=_LAST.sub("", name),
            confidence=Confidence.LIKELY,
            label="result",
        )

"""SLOs that a source keeps itself: somebody has agreed on them already."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock


def find(stock: Stock) -> Iterator[LikelySli]:
    """Each of them with the source's own name, by its service."""
    for slo in stock.native:
        subject = slo.service.rpartition("/")[2]
        quality = Quality.LATENCY if "latency" in slo.title.lower() else Quality.AVAILABILITY
        objective = str(slo.objective.percent)
        yield LikelySli(
            quality, {"slo": slo.name}, slo.name, subject, Confidence.SURE, objective=objective, title=slo.title
        )

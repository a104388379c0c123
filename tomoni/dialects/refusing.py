"""Queries of specs that a Prometheus would refuse: they come over as they are, and are told at their own lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tomoni.catalog.document import Place
from tomoni.dialects.found import FoundSlo, Imported
from tomoni.dialects.reading import Reading
from tomoni.dialects.report import Fact, Fate

# What is said of the query for a source: one of the reasons `report.REFUSED` with its facts, or nothing.
Judge = Callable[[str, str], tuple[str, dict[str, Fact]] | None]


def note_refused(imported: Imported, judge: Judge) -> None:
    """Notes in the readings what a judge says of their queries, each with the source that it goes to."""
    for reading in imported.readings:
        for place, query in reading.queries.items():
            if (said := judge(_source_of(imported, reading, place), query)) is not None:
                reason, facts = said
                reading.note(place, Fate.NOT_EXPRESSIBLE, reason, **facts)


def _source_of(imported: Imported, reading: Reading, place: Place) -> str:
    """The source of the SLO that a query is written in, or the only one of all; "" where it may be any of several."""
    own = {
        source
        for slo, source in _sources(imported)
        if slo.reading is reading and any(place[: len(at)] == at for at in (slo.place, *slo.beside))
    }
    found = own or {source for _, source in _sources(imported)}
    return found.pop() if len(found) == 1 else ""


def _sources(imported: Imported) -> Iterator[tuple[FoundSlo, str]]:
    for slo in imported.slos:
        sli = slo.keys.get("sli")
        if isinstance(sli, dict):
            yield slo, str(sli.get("source", ""))

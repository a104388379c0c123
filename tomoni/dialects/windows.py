"""Whose window is whose: what a file says counts, and what the user answers is for the SLOs without one."""

from __future__ import annotations

from data_sources.durations import format_duration
from tomoni.catalog.document import Place
from tomoni.dialects.found import Imported
from tomoni.dialects.reading import Reading
from tomoni.dialects.report import Fate

_ASSUMED, _ANSWERED = "window_assumed", "window_answered"


def assumed(reading: Reading, place: Place, window: str) -> None:
    """Nobody says the window of the SLO at a place."""
    reading.note(place, Fate.APPROXIMATED, _ASSUMED, window=window)


def anything_assumed(imported: Imported) -> bool:
    """Whether there is an SLO whose window nobody says."""
    return any(line.reason == _ASSUMED for reading in imported.readings for line in reading.of(()))


def told_of_windows(imported: Imported, asked: int | None) -> None:
    """Notes which SLOs keep the window of their file though another one (seconds) was asked for, and, where there are
    such ones, which take the one that was asked for."""
    if asked is None:
        return
    answer, taking, keeping = format_duration(asked), list[tuple[Reading, Place]](), False
    for slo in imported.slos:
        window = slo.keys.get("window")
        if window == answer:
            taking.append((slo.reading, slo.place))
        elif window is not None:
            keeping = True
            slo.reading.note(slo.place, Fate.IGNORED, "window_in_file", window=_written(window), length=answer)
    if keeping:
        for reading, place in taking:
            reading.note(place, Fate.EXACT, _ANSWERED, window=answer)


def _written(window: object) -> str:
    if not isinstance(window, dict):
        return str(window)
    return f"{{{', '.join(f'{key}: {value}' for key, value in window.items())}}}"

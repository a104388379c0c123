"""Tables that many readers see, written once: what Streamlit makes of their colours and numbers took a tenth of
the CPU of all pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from pandas.io.formats.style import Styler
from streamlit.elements import arrow
from streamlit.proto.ArrowData_pb2 import ArrowData

Write = Callable[[ArrowData, Styler, str], None]
_PLACE = "marshall_styler"
_KEPT = "_tomoni_written"  # on a table: what was written of it
_MOST = 4  # places at which one table stands


@dataclass(slots=True)
class _Written:
    """What was written of a table, by its place on the page. One at a time writes it: that changes the table."""

    places: dict[str, ArrowData] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def shown_again(table: Styler) -> Styler:
    """A table that is shown to many and that nobody changes any more: written once for each place on a page."""
    setattr(table, _KEPT, _Written())
    return table


def write_tables_once() -> None:
    """Let such tables be written for the first of the pages that show them, from now on. Doing it again changes
    nothing."""
    write = getattr(arrow, _PLACE)
    if not isinstance(write, _Writing):
        setattr(arrow, _PLACE, _Writing(write))


class _Writing:
    """What stands in place of Streamlit's own ``marshall_styler``; other tables are as they were."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def __call__(self, proto: ArrowData, styler: Styler, default_uuid: str) -> None:
        kept: _Written | None = getattr(styler, _KEPT, None)
        if kept is None:
            self._write(proto, styler, default_uuid)
            return
        with kept.lock:
            if default_uuid not in kept.places:
                self._write(written := ArrowData(), styler, default_uuid)
                if len(kept.places) == _MOST:
                    kept.places.clear()
                kept.places[default_uuid] = written
            proto.MergeFrom(kept.places[default_uuid])

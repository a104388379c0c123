"""What Tomoni writes to its log: lines for people, or JSON for programs; each with the ids of what it belongs to.

An id of a request, of the run of a page or of a refresh is carried through all that happens for it, also into other
threads, so that one search finds it all. Secrets of sources are masked before a line is written.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from datetime import UTC, datetime
from typing import Any, Literal

Form = Literal["text", "json"]
Hide = Callable[[str], str]
_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place
_OURS = ("tomoni", "data_sources")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "about"}


def new_id() -> str:
    """A new id of something that happens."""
    return uuid.uuid4().hex[:16]


def ids() -> Mapping[str, str]:
    """The ids of what is happening here."""
    return _ABOUT.get()


@contextmanager
def about(**named: str) -> Iterator[None]:
    """What is logged within belongs to what is named, besides what it belongs to already."""
    token = _ABOUT.set({**_ABOUT.get(), **named})
    try:
        yield
    finally:
        _ABOUT.reset(token)


def thread(name: str, work: Callable[..., object], *args: Any) -> threading.Thread:  # noqa: ANN401 - those of ``work``
    """A thread that is not started yet and whose log belongs to what is happening here."""
    return threading.Thread(target=copy_context().run, args=(work, *args), name=name, daemon=True)


class _Ids(logging.Filter):
    """Puts the ids of the moment at a record, which may be written by another thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.about = dict(_ABOUT.get())
        return True


class _Lines(logging.Formatter):
    """Lines without what ``hide`` takes out of any text."""

    def __init__(self, hide: Hide) -> None:
        super().__init__()
        self._hide = hide

    def _exception(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class TextLines(_Lines):
    """``2026-11-24 10:00:00 WARNING the message (refresh 1f…)``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the exception below it."""
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        named = ", ".join(f"{name} {value}" for name, value in getattr(record, "about", {}).items())
        line = f"{moment} {record.levelname} {record.getMessage()}{f' ({named})' if named else ''}"
        return self._hide("\n".join(filter(None, (line, self._exception(record)))))


class JsonLines(_Lines):
    """One JSON object a line: ``time``, ``level``, ``logger``, ``message``, the ids, the facts of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "about", {}),
            **{name: value for name, value in vars(record).items() if name not in _PLAIN},
            "exception": self._exception(record),
        }
        written = {name: self._value(value) for name, value in line.items() if value != ""}
        return json.dumps(written, ensure_ascii=False)

    def _value(self, value: object) -> object:
        return value if isinstance(value, bool | int | float | None) else self._hide(str(value))


def set_up(form: Form, hide: Hide) -> None:
    """Writes the log of this process to standard error; ``hide`` takes secrets out of a text.

    As text there are only warnings and errors, and libraries keep their own lines; as JSON everything that happens is
    told, and those of libraries have the same form.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(hide) if form == "json" else TextLines(hide))
    handler.addFilter(_Ids())
    ours, root = [logging.getLogger(name) for name in _OURS], logging.getLogger()
    for logger in (*ours, root):
        logger.handlers = [each for each in logger.handlers if not isinstance(each.formatter, _Lines)]
    for logger in ours:
        logger.setLevel(logging.INFO if form == "json" else logging.WARNING)
    for logger in [root] if form == "json" else ours:
        logger.addHandler(handler)
    if form == "json":
        _give_way()


def _give_way() -> None:
    """Takes the handlers of libraries away, so that their lines come in our form."""
    for known in list(logging.root.manager.loggerDict.values()):
        if isinstance(known, logging.Logger) and known.handlers:
            known.handlers, known.propagate = [], True

"""Where in a query a server found a fault, by its own message."""

from __future__ import annotations

import re

from data_sources.errors import QueryRefused

_LINE_COLUMN = re.compile(r"\b(\d+):(\d+): parse error")
_CHARACTER = re.compile(r"parse error at char (\d+)")
_UNPARSED = re.compile(r'unparsed data(?: left)?: "((?:[^"\\]|\\.)*)"')


def position(detail: str, text: str) -> int | None:
    """The character (from 0) of a text at which a message says that it cannot be read; None where it does not.

    Prometheus counts bytes, from 1; VictoriaMetrics quotes what it did not read.
    """
    if found := _LINE_COLUMN.search(detail):
        line, column = int(found[1]), int(found[2])
        lines = text.split("\n")
        if line > len(lines):
            return len(text)
        return sum(len(each) + 1 for each in lines[: line - 1]) + _characters(lines[line - 1], column - 1)
    if found := _CHARACTER.search(detail):
        return _characters(text, int(found[1]) - 1)
    if found := _UNPARSED.search(detail):
        at = text.rfind(re.sub(r"\\(.)", r"\1", found[1]))
        return at if at >= 0 else None
    return None


def _characters(text: str, count: int) -> int:
    """The number of characters in the first bytes of a text."""
    return len(text.encode()[: max(0, count)].decode("utf-8", "ignore"))


def placed(error: QueryRefused, text: str) -> QueryRefused:
    """The refusal of a text with the fact ``position`` where the message tells it."""
    at = position(error.detail, text)
    return error if at is None else QueryRefused(error.source, error.detail, {**error.facts, "position": at})

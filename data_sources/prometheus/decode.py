"""Decodes an answer of the Prometheus HTTP API while it arrives, in bounded memory.

Small answers are decoded at once. Of larger ones the samples of each series go into an array of numbers as
they come: as Python objects they would take up to thirty times the room of the text. What is more than any
honest answer to one query is refused, and the query is asked again for less (`limits.may_be_size`).

ijson is imported with the first large answer.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from data_sources.errors import BadAnswer

LARGEST_ANSWER_BYTES = 256 * 2**20
# As Python objects this much text takes some 30 MB at most.
SMALL_BYTES = 2**20
MOST_POINTS = 500_000
MOST_NODES = 100_000
MOST_LETTERS = 4_000_000
# A track has a place for every bucket of its interval, whether there is a sample or not.
MOST_PLACES = 3_000_000
DEEPEST = 32
# A parser keeps a text until its end is there: no honest one is as long.
LONGEST_TEXT_BYTES = 2**20
_FEED = 2**16
_END_OF_TEXT = re.compile(rb'[^\\]"')
_ABOVE_SAMPLES = 2  # {"data": {"result": [{"values": …


@dataclass(frozen=True, slots=True)
class Room:
    """How much of an answer is taken in; what is more is refused."""

    bytes: int
    nodes: int
    letters: int


def decoded(source: str, chunks: Iterator[bytes], room: Room | None = None) -> tuple[Any, bytes]:
    """The JSON of an answer (None where it is not JSON), and its first bytes. Raises BadAnswer: too_large,
    wrong_shape.

    The samples of a series are lists of pairs, or an array of shape (n, 2). ``room`` is that of the answer to a
    query unless it is given.
    """
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if len(head) > SMALL_BYTES:
            taken = room or Room(LARGEST_ANSWER_BYTES, MOST_NODES, MOST_LETTERS)
            return _streamed(source, bytes(head), chunks, taken), bytes(head)
    try:
        return json.loads(head), bytes(head)
    except (ValueError, RecursionError):
        return None, bytes(head)


def too_large(source: str) -> BadAnswer:
    """The error of an answer that is more than any honest one."""
    return BadAnswer(source, "", {"reason": "too_large", "bytes": LARGEST_ANSWER_BYTES})


def _streamed(source: str, head: bytes, chunks: Iterator[bytes], room: Room) -> Any:  # noqa: ANN401
    import ijson  # noqa: PLC0415

    events = ijson.sendable_list()
    parser, document, limits = (
        ijson.basic_parse_coro(events, use_float=True),
        _Document(source, room),
        _Limits(source, room.bytes),
    )
    for part in _parts(head, chunks):
        limits.take(part)
        try:
            parser.send(part)
        except (ijson.JSONError, ValueError, OverflowError, StopIteration):
            return None
        document.take(events)
        del events[:]
    try:
        parser.close()
    except (ijson.JSONError, ValueError):
        return None
    document.take(events)
    return document.root


def _parts(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes in parts that make few events at once."""
    for start in range(0, len(head), _FEED):
        yield head[start : start + _FEED]
    for chunk in chunks:
        for start in range(0, len(chunk), _FEED):
            yield chunk[start : start + _FEED]


class _Limits:
    """Bounds the length of an answer, and of every text and number in it."""

    def __init__(self, source: str, most_bytes: int) -> None:
        self._source, self._most, self._size, self._since_a_text = source, most_bytes, 0, 0

    def take(self, part: bytes) -> None:
        """Counts the next bytes. Raises BadAnswer."""
        self._size += len(part)
        self._since_a_text = 0 if _END_OF_TEXT.search(part) else self._since_a_text + len(part)
        if self._size > self._most or self._since_a_text > LONGEST_TEXT_BYTES:
            raise too_large(self._source)


class _Document:
    """Builds a document from the events of a parser; samples become arrays. Raises BadAnswer."""

    def __init__(self, source: str, room: Room) -> None:
        self.root: Any = None
        self._source, self._room = source, room
        self._open: list[Any] = []
        self._keys: list[str] = []  # the current key of each open container; "" in lists
        self._nodes = self._letters = self._points = 0
        self._samples: _Samples | None = None

    def take(self, events: list[tuple[str, Any]]) -> None:
        """Adds what the next events say."""
        try:
            for event, value in events:
                if self._samples is None:
                    self._take(event, value)
                elif self._samples.ends_with(event, value):
                    self._put(self._samples.found)
                    self._points, self._samples = self._points + self._samples.count, None
        except (ValueError, OverflowError):
            raise BadAnswer(self._source, "a sample that is no pair of numbers", {"reason": "wrong_shape"}) from None
        points = self._points + (self._samples.count if self._samples else 0)
        if points > MOST_POINTS or self._nodes > self._room.nodes or self._letters > self._room.letters:
            raise too_large(self._source)

    def _take(self, event: str, value: Any) -> None:  # noqa: ANN401
        if event == "map_key":
            self._keys[-1] = value
            self._letters += len(value)
        elif event in ("end_map", "end_array"):
            self._open.pop()
            self._keys.pop()
        elif event == "start_array" and self._keys[-1:] == ["values"] and len(self._open) > _ABOVE_SAMPLES:
            self._nodes += 1
            self._samples = _Samples()
        else:
            self._add({} if event == "start_map" else [] if event == "start_array" else value)

    def _add(self, node: Any) -> None:  # noqa: ANN401
        self._nodes += 1
        self._letters += len(node) if isinstance(node, str) else 0
        self._put(node)
        if isinstance(node, dict | list):
            self._open.append(node)
            self._keys.append("")
        if len(self._open) > DEEPEST:
            raise too_large(self._source)

    def _put(self, node: Any) -> None:  # noqa: ANN401
        if not self._open:
            self.root = node
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._keys[-1]] = node
        else:
            self._open[-1].append(node)


class _Samples:
    """The samples of one series: times and values, one after the other."""

    def __init__(self) -> None:
        self._numbers = array("d")
        self._in_a_pair = False

    @property
    def count(self) -> int:
        return len(self._numbers) // 2

    @property
    def found(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.frombuffer(self._numbers, np.float64).reshape(-1, 2)

    def ends_with(self, event: str, value: Any) -> bool:  # noqa: ANN401
        """Adds an event; whether it is the last one. Raises ValueError for what is no sample."""
        if event in ("number", "string") and self._in_a_pair:
            self._numbers.append(float(value))
        elif event == "start_array" and not self._in_a_pair:
            self._in_a_pair = True
        elif event == "end_array" and self._in_a_pair and len(self._numbers) % 2 == 0:
            self._in_a_pair = False
        elif event == "end_array" and not self._in_a_pair:
            return True
        else:
            raise ValueError
        return False

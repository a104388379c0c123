"""People's Markdown as lines of runs, for formats that are no HTML: what is not text, emphasis, link or code is left
out, so that nothing in it can mean anything to a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Token = Any  # of the library that reads Markdown, which only `words` knows
_CELLS = " | "


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters of one look; ``url`` is where they lead (empty: nowhere)."""

    text: str
    strong: bool = False
    code: bool = False
    url: str = ""


_LINE_END = Run("\n")


class LineKind(StrEnum):
    """What a line is."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class ProseLine:
    """A paragraph, a heading, an item of a list with its mark, or lines of code; ``depth`` is how far a list or a
    quotation is indented."""

    kind: LineKind
    runs: tuple[Run, ...]
    depth: int = 0
    mark: str = ""

    @property
    def plain(self) -> str:
        """All of it as text; links are followed by their addresses."""
        return "".join(run.text + (f" ({run.url})" if run.url not in ("", run.text) else "") for run in self.runs)


def lines_of(source: str) -> tuple[ProseLine, ...]:
    """The lines of a text in Markdown."""
    from tomoni.words.prose import tokens_of  # noqa: PLC0415 - most snapshots have no prose

    return tuple(line for line in _Reading().read(tokens_of(source)) if line.plain.strip())


@dataclass(slots=True)
class _Reading:
    """Where the reader is: in which lists (the next number of each, None without), quotations and heading."""

    lists: list[int | None] = field(default_factory=list)
    quoted: int = 0
    heading: bool = False
    fresh: bool = False  # an item has just begun
    row: list[Run] | None = None

    def read(self, tokens: Iterable[Token]) -> Iterator[ProseLine]:
        for token in tokens:
            if token.type == "inline":
                yield from self._inline(token.children or ())
            elif token.type in ("fence", "code_block"):
                yield ProseLine(LineKind.CODE, (Run(token.content.rstrip("\n"), code=True),), self._depth)
            elif token.type == "tr_close" and self.row:
                yield ProseLine(LineKind.TEXT, tuple(self.row[:-1]), self._depth)
                self.row = None
            else:
                self._enter(token)

    @property
    def _depth(self) -> int:
        return max(0, len(self.lists) - 1) + self.quoted

    def _enter(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.fresh = True
            case "blockquote_open" | "blockquote_close":
                self.quoted += token.nesting
            case "heading_open" | "heading_close":
                self.heading = token.nesting > 0
            case "tr_open":
                self.row = []

    def _inline(self, children: Sequence[Token]) -> Iterator[ProseLine]:
        typed = list(_lines(_runs(children)))
        if self.row is not None:
            self.row += [*_joined(typed), Run(_CELLS)]
        elif self.fresh:
            self.fresh = False
            yield ProseLine(LineKind.ITEM, _joined(typed), self._depth, self._next_mark())
        elif self.heading:
            yield ProseLine(LineKind.HEADING, _joined(typed), self._depth)
        else:
            yield from (ProseLine(LineKind.TEXT, line, self._depth) for line in typed)

    def _next_mark(self) -> str:
        number = self.lists[-1]
        if number is None:
            return "-"
        self.lists[-1] = number + 1
        return f"{number}."


def _lines(runs: Iterable[Run]) -> Iterator[tuple[Run, ...]]:
    """The runs of each line as it was typed."""
    line: list[Run] = []
    for run in runs:
        if run is _LINE_END:
            yield tuple(line)
            line = []
        else:
            line.append(run)
    yield tuple(line)


def _joined(lines: Sequence[tuple[Run, ...]]) -> tuple[Run, ...]:
    """The runs of lines that a format writes as one."""
    first, *rest = lines
    return (*first, *(run for line in rest for run in (Run(" "), *line)))


def _runs(children: Sequence[Token]) -> Iterator[Run]:
    strong, url = 0, ""
    for token in children:
        if token.type in ("strong_open", "strong_close", "em_open", "em_close"):
            strong += token.nesting
        elif token.type == "link_open":
            url = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            url = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield _LINE_END
        elif token.content:
            yield Run(token.content, strong > 0, token.type == "code_inline", url)

"""A configuration file as data, with the line of every key and value, and what is wrong with it.

Scalars stay the texts that were written (`Plain` or `Quoted`), so that 99.9 is never rounded and
what a text means is decided by the key it stands at. A key without a value counts as not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import Problem, Severity, Spot
from tomoni.catalog.secrets import short

Place = tuple[str | int, ...]
Facts = Mapping[str, str | int | float]

_INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,2})?")


_TELL_VALUE = frozenset({Code.WRONG_TYPE, Code.BAD_CHOICE, Code.OUT_OF_RANGE})


class Plain(str):
    """A scalar written without quotes: may be read as a number or as true or false."""

    __slots__ = ()


class Quoted(str):
    """A scalar written in quotes or as a block: always a text."""

    __slots__ = ()


def meaning(written: object) -> object:
    """What data mean by the rules of YAML 1.2: numbers, true and false, and texts.

    The readings of YAML 1.1 that surprise (yes and no, octal, base 60, dates) stay texts.
    """
    if isinstance(written, dict):
        return {key: meaning(value) for key, value in written.items()}
    if isinstance(written, list):
        return [meaning(value) for value in written]
    if not isinstance(written, Plain):
        return str(written) if isinstance(written, str) else written
    if written.lower() in ("true", "false") and (written.islower() or written.istitle() or written.isupper()):
        return written.lower() == "true"
    if _INTEGER.fullmatch(written):
        return int(written)
    return float(written) if _DECIMAL.fullmatch(written) else str(written)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at a place of a document; ``at_key`` means its key, not its value.

    ``line`` is given only where it is neither.
    """

    place: Place
    code: Code
    facts: Facts = field(default_factory=dict)
    at_key: bool = False
    line: int = 0


@dataclass(slots=True)
class Document:
    """A file as it is read. ``lines`` has the lines of each place's key and value, from 1; ``text`` is None
    where the file could not be read; of a ``secret`` one no value is repeated."""

    file: str
    data: object = None
    lines: dict[Place, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    text: str | None = None
    secret: bool = False

    def at(self, place: Place) -> object:
        """The data at a place, or None."""
        found = self.data
        for step in place:
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def spot(self, place: Place, at_key: bool = False) -> Spot:
        """Where a place is written; where the nearest place around it is, if it is not."""
        while place and place not in self.lines:
            place = place[:-1]
        key_line, line = self.lines.get(place, (0, 0))
        return Spot(self.file, key_line if at_key else line)

    def note(self, place: Place, code: Code, /, **facts: str | int | float) -> None:
        """Adds a fault of the value at a place."""
        self.faults.append(Fault(place, code, facts))

    def note_key(self, place: Place, code: Code, /, **facts: str | int | float) -> None:
        """Adds a fault of the key at a place, or of a key that is missing there."""
        self.faults.append(Fault(place, code, facts, at_key=True))

    def errors(self) -> list[Fault]:
        """The faults that keep something from working."""
        return [fault for fault in self.faults if severity_of(fault.code) is Severity.ERROR]

    def problems(self) -> Iterator[Problem]:
        """The faults as problems with their lines.

        A key that is misspelt, or whose value has another fault, is not missing as well.
        """
        there = {fault.place for fault in self.faults if fault.code is not Code.MISSING_KEY}
        there |= {(*f.place[:-1], str(f.facts["nearest"])) for f in self.faults if f.code is Code.UNKNOWN_KEY}
        for fault in self.faults:
            if fault.code is Code.MISSING_KEY and fault.place in there:
                continue
            spot = Spot(self.file, fault.line) if fault.line else self.spot(fault.place, fault.at_key)
            facts = {name: _printable(fact) for name, fact in self._with_value(fault).items()}
            key = "" if fault.at_key or "key" in facts else str(_printable(self._key_of(fault.place)))
            yield Problem(spot, severity_of(fault.code), fault.code, facts, self.element_of(fault.place), key)

    def _key_of(self, place: Place) -> str:
        """The key whose value is at a place, with those around it within the element of a list."""
        if place and isinstance(place[-1], int) and isinstance(self.at(place), dict):
            return ""  # what is wrong with an element as a whole is said of it by its words
        while place and isinstance(place[-1], int):
            place = place[:-1]
        first = max((at + 1 for at, step in enumerate(place) if isinstance(step, int)), default=0)
        return ".".join(str(step) for step in place[first:])

    def _with_value(self, fault: Fault) -> Facts:
        """The facts of a fault, with the value that is wrong where its words tell it and it can be no secret."""
        if fault.code not in _TELL_VALUE or fault.facts.get("written"):
            return fault.facts
        match self.at(fault.place):
            case dict() | list() as found if fault.code is Code.WRONG_TYPE:
                return {**fault.facts, "found": "mapping" if isinstance(found, dict) else "list"}
            case str(written) if not self.secret:
                return {**fault.facts, "written": short(written)}
            case _:
                return fault.facts

    def element_of(self, place: Place) -> str:
        """The path of what is written at a place: of an SLO, its journey, a signal, an app or a source; empty
        for the whole file, or where an id on the way cannot be read."""
        match place:
            case ("sources", str(source), *_):
                return f"source:{source}"
            case ("journeys", int(), "slos", int(), *_):
                steps = [("app",), (*place[:2], "id"), (*place[:4], "id")]
            case ("journeys", int(), *_):
                steps = [("app",), (*place[:2], "id")]
            case ("infra", int(), *_):
                steps = [("app",), (*place[:2], "id")]
            case _:
                steps = [("app",)] if place else []
        ids = [found if isinstance(found := self.at(step), str) else "" for step in steps]
        if place[:1] == ("infra",):
            ids.insert(1, "infra")
        return "/".join(ids) if all(ids) else ""


def _printable(fact: str | int | float) -> str | int | float:
    """A fact that may go to a terminal: an escape sequence in a quoted text must not."""
    return "".join(sign if sign.isprintable() else "�" for sign in fact) if isinstance(fact, str) else fact

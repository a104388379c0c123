"""Going through one document of another tool: each of its places ends up in the report, also what nobody read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from tomoni.catalog.document import Document, Place, Plain, meaning
from tomoni.dialects.report import Fact, Fate, Line, path_text

# As JSON of Google's APIs and YAML write it.
_INFINITE = {f"{sign}{word}": float(f"{sign}inf") for sign in ("", "+", "-") for word in ("inf", ".inf", "infinity")}


class CannotHold(Exception):
    """Something has no counterpart here, or cannot be read; ``place`` is where that is written."""

    def __init__(self, place: Place, reason: str, /, **facts: Fact) -> None:
        super().__init__(reason)
        self.place, self.reason, self.facts = place, reason, facts
        self.document: Document | None = None

    def in_document(self, document: Document) -> CannotHold:
        """The same, in a document that may not be the one that is left out."""
        self.document = document
        return self


class Reading:
    """One document, and what became of its places so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._said: dict[Place, Line] = {}
        self._notes: list[tuple[Place, Line]] = []
        self.queries: dict[Place, str] = {}  # of a Prometheus, with $window for the window, by where they are written

    @property
    def root(self) -> Given:
        """The document as a whole."""
        return Given(self, ())

    def say(self, place: Place, fate: Fate, reason: str = "", /, **facts: Fact) -> None:
        """What became of a place, and of all below it that nothing else is said of; the last word counts."""
        self._said[place] = self._line(place, fate, reason, facts)

    def note(self, place: Place, fate: Fate, reason: str, /, **facts: Fact) -> None:
        """Something about a place, such as a key that is missing there; says nothing of what is written below."""
        self._notes.append((place, self._line(place, fate, reason, facts)))

    def leave_out(self, place: Place, why: CannotHold) -> None:
        """Nothing of a place came over: what was said of the places below no longer holds."""
        self._said = {at: line for at, line in self._said.items() if not _within(at, place)}
        self._notes = [(at, line) for at, line in self._notes if not _within(at, place)]
        self.queries = {at: query for at, query in self.queries.items() if not _within(at, place)}
        culprit = Reading(why.document) if why.document else self
        line = culprit._line(why.place, Fate.NOT_EXPRESSIBLE, why.reason, why.facts)
        self._said[place] = replace(line, left_out=True, scope=path_text(place))

    def _line(self, place: Place, fate: Fate, reason: str, facts: Mapping[str, Fact]) -> Line:
        spot = self.document.spot(place, at_key=True)
        return Line(spot.file, max(spot.line, 1), path_text(place), fate, reason, facts)

    def lines(self) -> list[Line]:
        """The report of the whole document in the order of its lines; what nothing was said of has no counterpart."""
        for place in self._unsaid(self.document.data, ()):
            if place:
                self.say(place, Fate.NOT_EXPRESSIBLE, "unknown_key", key=str(place[-1]))
            else:
                self.say(place, Fate.IGNORED, "no_spec")
        return sorted([*self._said.values(), *(line for _, line in self._notes)], key=lambda line: line.line)

    def of(self, place: Place) -> list[Line]:
        """What was said so far of a place and of all below it."""
        said = [line for at, line in self._said.items() if _within(at, place)]
        return [*said, *(line for at, line in self._notes if _within(at, place))]

    def _unsaid(self, data: object, place: Place) -> Iterator[Place]:
        if place in self._said or data is None:
            return
        if isinstance(data, dict):
            for key, value in data.items():
                yield from self._unsaid(value, (*place, key))
        elif isinstance(data, list):
            for index, value in enumerate(data):
                yield from self._unsaid(value, (*place, index))
        else:
            yield place


def _within(place: Place, outer: Place) -> bool:
    return place[: len(outer)] == outer


class Given:
    """One mapping of a document. What is read by it counts as exact until something else is said."""

    def __init__(self, reading: Reading, place: Place) -> None:
        self.reading, self.place = reading, place

    @property
    def data(self) -> dict[str, object]:
        """What is written; empty where it is no mapping."""
        found = self.reading.document.at(self.place)
        return found if isinstance(found, dict) else {}

    def has(self, key: str) -> bool:
        """Whether a key is written with a value."""
        return self.data.get(key) is not None

    def at(self, key: str) -> Place:
        """The place of a key."""
        return (*self.place, key)

    def say(self, key: str, fate: Fate, reason: str = "", /, **facts: Fact) -> None:
        """What became of a key, where it is written."""
        if self.has(key):
            self.reading.say(self.at(key), fate, reason, **facts)

    def ignore(self, reason: str, *keys: str) -> None:
        """Keys that change nothing here."""
        for key in keys:
            self.say(key, Fate.IGNORED, reason, key=key)

    def lacks(self, reason: str, *keys: str) -> None:
        """Keys that have no counterpart here."""
        for key in keys:
            self.say(key, Fate.NOT_EXPRESSIBLE, reason, key=key)

    def cannot(self, at: str, reason: str, /, **facts: Fact) -> CannotHold:
        """That a key cannot be brought over, for raising."""
        return CannotHold(self.at(at), reason, **facts).in_document(self.reading.document)

    def text(self, key: str) -> str | None:
        """A text or number as it is written."""
        written = self.data.get(key)
        if written is None:
            return None
        if not isinstance(written, str):
            self.reading.say(self.at(key), Fate.NOT_EXPRESSIBLE, "wrong_type", expected="text", key=key)
            return None
        self.reading.say(self.at(key), Fate.EXACT)
        return str(written)

    def needed(self, key: str) -> str:
        """A text that must be there. Raises CannotHold."""
        found = self.text(key)
        if found is None or not found.strip():
            reason = "wrong_type" if self.has(key) else "missing_key"
            raise self.cannot(key, reason, key=key, expected="text")
        return found

    def asks(self, key: str, query: str) -> str:
        """That a key holds a query of a Prometheus, with $window for the window; gives it back."""
        self.reading.queries[self.at(key)] = query
        return query

    def number(self, key: str) -> Decimal:
        """A number that must be there, exactly as it is written. Raises CannotHold."""
        text = self.needed(key)
        try:
            number = Decimal(text.strip().removesuffix("%")) if "_" not in text and len(text) <= 40 else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number.adjusted()) > 100:
            raise self.cannot(key, "wrong_type", expected="number", key=key)
        return number

    def bound(self, key: str) -> float:
        """An end of a range that must be there, possibly infinite. Raises CannotHold."""
        infinite = _INFINITE.get(self.needed(key).strip().lower())
        return float(self.number(key)) if infinite is None else infinite

    def flag(self, key: str, otherwise: bool = False) -> bool:
        """True or false."""
        written = self.data.get(key)
        value = meaning(written)
        if isinstance(value, bool) and isinstance(written, Plain):
            self.reading.say(self.at(key), Fate.EXACT)
            return value
        self.say(key, Fate.NOT_EXPRESSIBLE, "wrong_type", expected="boolean", key=key)
        return otherwise

    def texts(self, key: str) -> dict[str, str]:
        """A mapping of names to texts, such as labels; what is neither is reported."""
        inner = self.inside(key)
        found = {} if inner is None else {name: inner.text(name) for name in inner.data}
        if inner is not None:
            inner.ignore("empty", *(name for name, text in found.items() if text is not None and not text.strip()))
        return {name: text for name, text in found.items() if text is not None and text.strip()}

    def words(self, key: str) -> list[str]:
        """A list of texts."""
        written = self.data.get(key)
        if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
            self.say(key, Fate.NOT_EXPRESSIBLE, "wrong_type", expected="list", key=key)
            return []
        self.reading.say(self.at(key), Fate.EXACT)
        return [str(each) for each in written]

    def inside(self, key: str) -> Given | None:
        """The mapping under a key; None where there is none."""
        written = self.data.get(key)
        if isinstance(written, dict):
            return Given(self.reading, self.at(key))
        self.say(key, Fate.NOT_EXPRESSIBLE, "wrong_type", expected="mapping", key=key)
        return None

    def needed_inside(self, key: str) -> Given:
        """The mapping under a key that must be there. Raises CannotHold."""
        found = self.inside(key)
        if found is None:
            reason = "wrong_type" if self.has(key) else "missing_key"
            raise self.cannot(key, reason, key=key, expected="mapping")
        return found

    def each(self, key: str) -> list[Given]:
        """The mappings of a list under a key; what else is in the list is reported."""
        written = self.data.get(key)
        if not isinstance(written, list):
            self.say(key, Fate.NOT_EXPRESSIBLE, "wrong_type", expected="list", key=key)
            return []
        found = []
        for index, element in enumerate(written):
            if isinstance(element, dict):
                found.append(Given(self.reading, (*self.at(key), index)))
            elif element is not None:
                place = (*self.at(key), index)
                self.reading.say(place, Fate.NOT_EXPRESSIBLE, "wrong_type", expected="mapping", key=key)
        return found

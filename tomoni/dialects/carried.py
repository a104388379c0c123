"""What an export notes for the way back, as annotations: where an SLO stood, and its words without a key in the tool.

Words are those of the SLO, its journey and its app in all of their languages, as JSON: a text, or one for each
language. Those of a journey, and of an app, are noted with its first SLO.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Protocol

from tomoni.catalog.local_text import LocalText
from tomoni.dialects.found import FoundApp
from tomoni.dialects.losses import Placed
from tomoni.dialects.reading import Given
from tomoni.dialects.report import Fate

_WORDS = ("title", "description")
Words = dict[str, object]


class _Worded(Protocol):
    """An app, a journey or an SLO."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> LocalText: ...
    @property
    def description(self) -> LocalText | None: ...


@dataclass(frozen=True, slots=True)
class Names:
    """How the annotations are called."""

    place: str
    words: str
    window: str


OF_OBJECTS = Names("tomoni/slo", "tomoni/words", "tomoni/window")
OF_ALERTS = Names("tomoni_slo", "tomoni_words", "tomoni_window")  # annotations of alerts have no slash in their names


@dataclass(slots=True)
class Noting:
    """What goes along with the SLOs of one app, one after the other; ``held`` are the keys for words that the tool has
    for its objects."""

    names: Names
    held: Iterable[str] = ()
    with_app: bool = True
    _told: set[str] = field(default_factory=set)

    def of(self, placed: Placed) -> dict[str, str]:
        """The annotations of an SLO that is written."""
        words = words_of(placed.slo, self.held)
        for key, each in (("journey", placed.journey), *((("app", placed.app),) if self.with_app else ())):
            if key + each.id not in self._told:
                self._told.add(key + each.id)
                words |= _unless_empty(key, words_of(each))
        place = {self.names.place: f"{placed.journey.id}/{placed.slo.id}"}
        return {**place, **({self.names.words: as_annotation(words)} if words else {})}


def words_of(worded: _Worded, held: Iterable[str] = ()) -> Words:
    """The words of something that do not come back by themselves: a title that is no more than its id does."""
    found: Words = {}
    for key, text in (("title", worded.title), ("description", worded.description)):
        if text is None or (key == "title" and text.by_language == {"": worded.id}):
            continue
        plain = text.by_language.get("") if len(text.by_language) == 1 else None
        if key in held and plain is not None:
            continue
        found[key] = dict(text.by_language) if plain is None else plain
    return found


def _unless_empty(key: str, words: Words) -> Words:
    return {key: words} if words else {}


def as_annotation(words: Words) -> str:
    """Words as a text in which no template begins."""
    return json.dumps(words, ensure_ascii=False).replace("{{", "\\u007b\\u007b")


@dataclass(slots=True)
class Came:
    """What an exported object brought back: its place and its words; empty for one that was not exported."""

    journey: str
    name: str
    was_exported: bool = False
    window: str | None = None
    words: Words = field(default_factory=dict)
    apps: list[FoundApp] = field(default_factory=list)

    def worded(self, keys: Mapping[str, object]) -> dict[str, object]:
        """Keys of an SLO with its words; a text that was changed in the file since counts."""
        return {**keys, **merged(keys, self.words)}


def merged(native: Mapping[str, object], words: Mapping[str, object]) -> Words:
    """Words in all languages where the file's own text is one of them, else the file's own."""
    found: Words = {}
    for key in _WORDS:
        written, own = words.get(key), native.get(key)
        texts = set(written.values()) if isinstance(written, dict) else {written}
        if written is not None and (own is None or own in texts):
            found[key] = written
    return found


def came_back(
    given: Given, annotations: MutableMapping[str, str], names: Names, app: str, journey: str, name: str
) -> Came:
    """What an export noted of an SLO, else the names that are given; takes the notes out of its annotations, which are
    written in ``given``."""
    before, slash, after = annotations.get(names.place, "").partition("/")
    came = Came(journey, name)
    if before and slash and after:
        came = Came(before, after, was_exported=True)
        del annotations[names.place]
    came.window = annotations.pop(names.window, None)
    words = read_words(given, annotations, names)
    came.words = _texts_of(words)
    for key, of in (("app", None), ("journey", came.journey)):
        inner = words.get(key)
        if isinstance(inner, dict) and (found := _texts_of(inner)):
            came.apps.append(FoundApp(app, found, of))
    return came


def read_words(given: Given, annotations: MutableMapping[str, str], names: Names) -> Words:
    """The words in the annotations, which they are taken out of; what cannot be read is told."""
    written = annotations.pop(names.words, None)
    if written is None:
        return {}
    try:
        words = json.loads(written)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict) or not all(_are_words(key, each) for key, each in words.items()):
        given.say(names.words, Fate.NOT_EXPRESSIBLE, "words_unread")
        return {}
    return words


def _are_words(key: str, value: object) -> bool:
    if key in _WORDS:
        return all(isinstance(each, str) and each.strip() for each in _texts(value))
    inner = value if isinstance(value, dict) and key in ("app", "journey") else None
    return inner is not None and all(each in _WORDS and _are_words(each, text) for each, text in inner.items())


def _texts(value: object) -> Iterator[object]:
    yield from value.values() if isinstance(value, dict) and value else (value,)


def _texts_of(words: Mapping[str, object]) -> Words:
    return {key: words[key] for key in _WORDS if key in words}

"""An index of the metrics of a source: found by a few letters in any order, also with typing errors.

What was typed is split into words; a metric is found when each of them (where none has all: all but one) is in
its name, or in what is said of it. A
word of the name counts most where it is the same, then where it begins so, then where it holds the letters, then
where it is spelt alike. Built once, it does not change and may be read from several threads.
"""

# rapidfuzz is imported with the first search.
# ruff: noqa: PLC0415

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, starmap

import numpy as np
import numpy.typing as npt

from data_sources.exploring import Metric, MetricType

MOST_METRICS = 200_000
MOST_FOUND = 50
MOST_GROUPS = 200
_MOST_REMEMBERED = 50
MOST_TYPED = 200  # letters
_MOST_WORDS = 6  # of what was typed
_WORD = re.compile(r"[^\W_]+")
_SAME, _BEGINS, _HOLDS, _JOINED, _INITIALS, _ALIKE, _HELP = 100.0, 85.0, 60.0, 55.0, 50.0, 45.0, 30.0
_SIMILAR, _SHORTEST_MISSPELT = 74.0, 4
_WHOLE, _FRONT, _OWN, _RECENT, _SELF = 80.0, 25.0, 35.0, 15.0, -12.0
# What servers and clients count of themselves is seldom looked for.
_OF_ITSELF = ("go_", "process_", "promhttp_", "prometheus_", "scrape_", "net_conntrack_", "python_", "jvm_")

# What the parts of a histogram or a summary are; links and queries of other tools name them.
_PARTS: Mapping[str, MetricType] = {
    "bucket": MetricType.COUNTER,
    "count": MetricType.COUNTER,
    "sum": MetricType.COUNTER,
    "created": MetricType.GAUGE,
}
_LAST = "\U0010ffff"

Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Favoured:
    """What a reader probably looks for: metrics that the app's SLIs and signals use, and those used of late."""

    own: Collection[str] = frozenset()
    recent: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One metric of an answer. ``own``: it belongs to the app; ``recent``: it was looked at of late."""

    metric: Metric
    own: bool = False
    recent: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The metrics whose names begin alike."""

    prefix: str
    count: int


class _Words:
    """Which metrics have a word, by word."""

    def __init__(self, texts: Iterable[str]) -> None:
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in dict.fromkeys(_WORD.findall(text)):
                places.setdefault(word, []).append(place)
        self.words = list(places)
        self.places = [np.array(found, dtype=np.int32) for found in places.values()]

    def spread(self, scores: Mapping[int, float], length: int) -> Scores:
        """For each metric the best score of its words."""
        found: Scores = np.zeros(length, dtype=np.float32)
        for word, score in sorted(scores.items(), key=lambda each: each[1]):  # the best of a metric is written last
            found[self.places[word]] = score
        return found


class MetricIndex:
    """The metrics of one source, of at most 200,000."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self.metrics = [metric for metric, _ in zip(metrics, range(MOST_METRICS), strict=False)]
        self.by_name = {metric.name: place for place, metric in enumerate(self.metrics)}
        lower = [metric.name.lower() for metric in self.metrics]
        self._order: Places = np.array(sorted(range(len(lower)), key=lower.__getitem__), dtype=np.int32)
        self._sorted = [lower[place] for place in self._order]
        self._names = _Words(lower)
        self._help = _Words(f"{metric.help} {metric.unit} {metric.type}".lower() for metric in self.metrics)
        self._parts = [_WORD.findall(name) for name in lower]
        self._joined = ["".join(words) for words in self._parts]
        self._initials = ["".join(word[0] for word in words) for words in self._parts]
        lengths = np.array([len(name) for name in lower], dtype=np.float32)
        self._groups: dict[str, list[Group]] = {}  # what was asked for, by prefix
        self._usual: Scores = -lengths / 25 + np.array([_SELF * name.startswith(_OF_ITSELF) for name in lower])

    def __len__(self) -> int:
        return len(self.metrics)

    def named(self, name: str) -> Metric | None:
        """The metric of a name; a part of a histogram or a summary, which is in no list, counts for itself."""
        place = self.by_name.get(name)
        return self._part(name) if place is None else self.metrics[place]

    def _part(self, name: str) -> Metric | None:
        base, _, part = name.rpartition("_")
        place = self.by_name.get(base)
        whole = None if place is None else self.metrics[place]
        if whole is None or whole.type not in (MetricType.HISTOGRAM, MetricType.SUMMARY) or part not in _PARTS:
            return None
        return Metric(name, _PARTS[part], whole.unit if part == "sum" else "", whole.help, whole.labels)

    def search(self, typed: str, favoured: Favoured = Favoured(), most: int = MOST_FOUND) -> tuple[list[Found], int]:
        """The most relevant metrics for what was typed, and how many there are in all. With nothing typed: those
        that are favoured, then all by name."""
        words = list(dict.fromkeys(_WORD.findall(typed[:MOST_TYPED].lower())))[:_MOST_WORDS]
        if not words:
            return self._first(favoured, most), len(self)
        each = [self._of_word(word) for word in words]
        fitting = np.sum([scores > 0 for scores in each], axis=0)
        needed = len(words) if (fitting == len(words)).any() else max(1, len(words) - 1)
        places = np.flatnonzero(fitting >= needed)
        total = np.sum(each, axis=0)[places] / len(each) + (self._usual + self._bonus(typed, words, favoured))[places]
        best = places[np.argsort(-total, kind="stable")[:most]]
        recent = set(favoured.recent)
        return [self._found(place, favoured.own, recent) for place in best], len(places)

    def groups(self, prefix: str = "", most: int = MOST_GROUPS) -> list[Group]:
        """How the names that begin with a prefix go on, by their next word, the largest groups first."""
        if prefix not in self._groups:
            counts: dict[str, int] = {}
            for metric in self.beginning(prefix):
                begun = metric.name[: _end_of_word(metric.name, len(prefix))]
                counts[begun] = counts.get(begun, 0) + 1
            if len(self._groups) >= _MOST_REMEMBERED:
                self._groups = {}
            self._groups[prefix] = sorted(starmap(Group, counts.items()), key=lambda each: (-each.count, each.prefix))
        return self._groups[prefix][:most]

    def beginning(self, prefix: str) -> list[Metric]:
        """The metrics whose names begin with a prefix, by name."""
        places = self._beginning(prefix.lower())
        return [metric for place in places if (metric := self.metrics[place]).name.startswith(prefix)]

    def _first(self, favoured: Favoured, most: int) -> list[Found]:
        recent = set(favoured.recent)
        order = dict.fromkeys(chain(sorted(favoured.own), favoured.recent))
        places = [self.by_name[name] for name in order if name in self.by_name]
        rest = (place for place in range(len(self)) if self.metrics[place].name not in order)
        places += [place for place, _ in zip(rest, range(most - len(places)), strict=False)]
        return [self._found(place, favoured.own, recent) for place in places[:most]]

    def _found(self, place: int, own: Collection[str], recent: Collection[str]) -> Found:
        metric = self.metrics[place]
        return Found(metric, metric.name in own, metric.name in recent)

    def _of_word(self, word: str) -> Scores:
        """How well each metric fits one word; 0 where it does not."""
        found = self._names.spread(dict(_of_names(word, self._names.words)), len(self))
        if len(word) > 1:
            joined = np.fromiter((word in name for name in self._joined), dtype=bool, count=len(self))
            for place in np.flatnonzero(joined & (found == 0)):
                joined[place] = _begins_within(word, self._parts[place])
            initials = np.fromiter((name.startswith(word) for name in self._initials), dtype=bool, count=len(self))
            found = np.maximum(found, np.where(joined, _JOINED, np.where(initials, _INITIALS, 0.0)))
        said = {place: _HELP for place, known in enumerate(self._help.words) if known.startswith(word)}
        return np.maximum(found, self._help.spread(said, len(self)))

    def _bonus(self, typed: str, words: Sequence[str], favoured: Favoured) -> Scores:
        """What puts a metric on top besides its words: the very name, its beginning, and what is favoured."""
        text = typed.strip().lower()
        bonus: Scores = np.zeros(len(self), dtype=np.float32)
        bonus[self._beginning(words[0])] = _FRONT
        bonus[self._beginning(text)] = _FRONT
        for names, more in ((favoured.own, _OWN), (favoured.recent, _RECENT), ((typed.strip(),), _WHOLE)):
            bonus[[self.by_name[name] for name in names if name in self.by_name]] += more
        return bonus

    def _beginning(self, prefix: str) -> Places:
        """The places of the metrics whose names, in small letters, begin with a text."""
        start = bisect_left(self._sorted, prefix)
        return self._order[start : bisect_left(self._sorted, prefix + _LAST, start)]


def _of_names(typed: str, known: Sequence[str]) -> Iterator[tuple[int, float]]:
    """The score of each known word that fits a typed one."""
    if len(typed) >= _SHORTEST_MISSPELT:
        yield from _misspelt(typed, known)
    for place, word in enumerate(known):
        if typed in word:
            share = len(typed) / len(word)
            if word.startswith(typed):
                yield place, _SAME if word == typed else _BEGINS + 10 * share
            elif len(typed) > 1:
                yield place, _HOLDS + 10 * share


def _misspelt(typed: str, known: Sequence[str]) -> Iterator[tuple[int, float]]:
    """The words that are spelt alike, or whose beginning is."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    cutoff = _SIMILAR / 100
    similar = np.zeros(len(known), dtype=np.float32)
    for words in (known, [word[: len(typed)] for word in known]):
        found = process.cdist([typed], words, scorer=OSA.normalized_similarity, score_cutoff=cutoff)[0]
        similar = np.maximum(similar, found)
    for place in np.flatnonzero(similar):
        yield int(place), _ALIKE * float(similar[place])


def _begins_within(typed: str, words: Sequence[str]) -> bool:
    """Whether a text, which runs over several words of a name, begins where one of them does."""
    return any("".join(words[at:]).startswith(typed) for at in range(len(words)))


def _end_of_word(name: str, start: int) -> int:
    """Where the next word of a name ends, with what parts it from the one after it."""
    found = _WORD.search(name, start)
    if found is None:
        return len(name)
    return min(len(name), found.end() + 1)

"""Whether what a query counts as a counter is one, by the samples of its last day.

A counter falls when its process begins again: then it falls to what happened since, which is little, and it holds
whole numbers mostly. A recorded rate falls about as often as it rises, a recorded sum falls with each pod that ends,
and both fall in part. ``increase`` of them is a plausible number that is wrong.

    counter_falls   ``role``, ``metric``, ``falls`` (of one series), ``over_seconds``, ``keep_until``; the reason is
                    rate, ratio or increase where the name of the metric says so
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Answer, Interval, Notice
from data_sources.errors import Facts, QueryRefused, SourceError
from data_sources.prometheus.client import Client
from data_sources.prometheus.parse import read_vector
from data_sources.prometheus.reading import counter_selectors, remarks_on
from data_sources.prometheus.selectors import is_selector, quoted, read_selector
from data_sources.prometheus.sharing import LABEL, union_text
from tomoni.slo.model import FloatArray

DAY = 86_400
# What was found once a day is kept for two: then the next answer has found it again, or not.
KEPT_SECONDS = 2 * DAY
# At most so many answers wait for their samples to be looked at, and so many selectors share a question.
WAITING, SHARING = 20, 25
# How a counter falls: see `like_a_counter`. Below twenty events chance decides what is left.
_TWICE, _MANY, _IN_PART, _SHARE_IN_PART = 2, 20, 0.4, 0.3
_OFTEN, _SHARE_OF_CHANGES = 10, 0.2
_PLAIN = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_BEFORE_UTF8 = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_DOUBT = re.compile(r'might not be a counter, name does not end in .*"(?P<name>[^"]+)"')
_RECORDED = re.compile(r"(?:^|[:_])(rate|ratio|increase)(?:\d+[smhd])?(?:$|[:_])")


@dataclass(frozen=True, slots=True)
class _Suspect:
    """One selector of one answer."""

    answer: Answer
    role: str
    selector: str


class Natures:
    """Looks at the samples of what is counted, once a day. Safe to use from several threads."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def noted(self, answers: Iterable[Answer]) -> Iterator[Answer]:
        """The answers as they come, with what was found: by reading their queries, and once a day, a little
        later, by their samples."""
        waiting: list[Answer] = []
        for answer in map(_read, answers):
            if not _is_due(answer):
                yield answer
                continue
            waiting.append(answer)
            if len(waiting) >= WAITING:
                yield from self._looked_at(waiting)
                waiting = []
        yield from self._looked_at(waiting)

    def _looked_at(self, answers: Sequence[Answer]) -> Iterator[Answer]:
        found: dict[str, list[Notice]] = {}
        suspects = [_Suspect(a, role, s) for a in answers for role, s in counter_selectors(a.request.query).items()]
        for suspect, falls in self._falling(suspects):
            found.setdefault(suspect.answer.request.key, []).append(_notice(suspect, falls))
        for answer in answers:
            more = found.get(answer.request.key, ())
            yield replace(answer, notices=(*answer.notices, *more)) if more else answer

    def _falling(self, suspects: Sequence[_Suspect]) -> Iterator[tuple[_Suspect, int]]:
        """How often the series of each suspect falls that falls most, where no counter falls like that. What
        the server does not answer is not found."""
        for end, group in _groups(suspects):
            samples: dict[str, FloatArray] = {}
            for suspect, series in self._restarted(group, end):
                values = samples[series] = samples[series] if series in samples else self._samples(series, end)
                if not like_a_counter(values):
                    yield suspect, int(np.count_nonzero(np.diff(values) < 0))

    def _restarted(self, group: Sequence[_Suspect], at: int) -> list[tuple[_Suspect, str]]:
        """The suspects of which a series fell more than once in a day, each with a selector of that series."""
        text = union_text([f"topk(1, resets({suspect.selector}[1d]) >= 2)" for suspect in group])
        try:
            found = read_vector(self._client.query("/api/v1/query", {"query": text, "time": str(at)}))
            return [(group[int(labels[LABEL])], _series(group[int(labels[LABEL])], labels)) for labels, _ in found]
        except QueryRefused:  # one of them cannot be asked like that
            if len(group) == 1:
                return []
            middle = len(group) // 2
            return self._restarted(group[:middle], at) + self._restarted(group[middle:], at)
        except (SourceError, KeyError, IndexError, ValueError):
            return []

    def _samples(self, series: str, at: int) -> FloatArray:
        """The samples of a series in the day before a moment; none where the server does not answer."""
        return samples_of(self._client, series, at)[1]


def samples_of(client: Client, series: str, at: int) -> tuple[FloatArray, FloatArray]:
    """The moments (Unix seconds) and the values of a series in the day before a moment; none where the server does not
    answer."""
    try:
        reply = client.query("/api/v1/query", {"query": f"{series}[1d]", "time": str(at)})
        found = [(float(time), float(value)) for one in reply.data["result"][:1] for time, value in one["values"]]
    except (SourceError, KeyError, TypeError, ValueError, AttributeError):
        found = []
    pairs = np.array([each for each in found if np.isfinite(each[1])]).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def like_a_counter(values: FloatArray) -> bool:
    """Whether the samples of a series may be those of a counter of events.

    A counter never is below zero. After a restart it is at what happened within one scrape: that is over two fifths
    of what it was only if its life was shorter than three scrapes. And it seldom holds fractions, though it may.
    """
    if not len(values):
        return True
    falls = np.diff(values) < 0
    before, after = values[:-1][falls], values[1:][falls]
    in_part = np.count_nonzero((after >= _MANY) & (after > _IN_PART * before))
    if in_part >= _TWICE and in_part >= _SHARE_IN_PART * len(after):
        return False
    fractions = bool((values % 1 > 0).any())
    often = len(after) >= _OFTEN and len(after) >= _SHARE_OF_CHANGES * np.count_nonzero(np.diff(values))
    return not (fractions and often) and bool(values.min() >= 0)


def without_doubts(notices: Sequence[Notice], counters: Iterable[str]) -> tuple[Notice, ...]:
    """The notices of a server but those that doubt, by their names alone, metrics that are known as counters, or whose
    names never end as Prometheus expects, such as OpenTelemetry's with dots: of them the doubt says nothing."""
    known = set(counters)
    return tuple(each for each in notices if not _doubts_a_counter(str(each.facts.get("text", "")), known))


def _doubts_a_counter(said: str, known: Collection[str]) -> bool:
    found = _DOUBT.search(said)
    return found is not None and (found["name"] in known or not _BEFORE_UTF8.fullmatch(found["name"]))


def _read(answer: Answer) -> Answer:
    """With what its query tells; what is counted is looked at by its samples."""
    if answer.error:
        return answer
    query = answer.request.query
    counters = [read_selector(text).name for text in counter_selectors(query).values() if is_selector(text)]
    notices = (*without_doubts(answer.notices, counters), *remarks_on(query))
    return replace(answer, notices=notices) if notices != answer.notices else answer


def _is_due(answer: Answer) -> bool:
    """Whether an answer is one to look at: it reaches from one day (UTC) into the next."""
    interval = answer.request.interval
    asked = answer.error is None and _reaches_over_midnight(interval)
    return asked and bool(counter_selectors(answer.request.query))


def _reaches_over_midnight(interval: Interval) -> bool:
    return interval.start // DAY != interval.end // DAY


def _groups(suspects: Sequence[_Suspect]) -> Iterator[tuple[int, list[_Suspect]]]:
    """The suspects that share a question: of one moment, and not too many."""
    by_end: dict[int, list[_Suspect]] = {}
    for suspect in suspects:
        by_end.setdefault(suspect.answer.request.interval.end, []).append(suspect)
    for end, group in by_end.items():
        yield from ((end, group[first : first + SHARING]) for first in range(0, len(group), SHARING))


def _series(suspect: _Suspect, labels: Mapping[str, str]) -> str:
    """A selector of one series of a suspect."""
    plain = {name: value for name, value in labels.items() if _PLAIN.fullmatch(name) and name != LABEL}
    matchers = ",".join(f"{name}={quoted(value)}" for name, value in plain.items())
    return read_selector(suspect.selector).part("", matchers)


def _notice(suspect: _Suspect, falls: int) -> Notice:
    name = read_selector(suspect.selector).name if is_selector(suspect.selector) else ""
    until = suspect.answer.request.interval.end + KEPT_SECONDS
    facts: Facts = {"role": suspect.role, "metric": name or suspect.selector, "falls": falls}
    reason = {"reason": found} if (found := "".join(_RECORDED.findall(name)[-1:])) else {}
    return Notice("counter_falls", {**facts, "over_seconds": DAY, "keep_until": until, **reason})

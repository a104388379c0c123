"""The limits of servers: which refusals are about the size of a query, and what a server is known to do at once.

Every server words its limits differently, and proxies in between have their own. So a refusal of something
large is tried on something small before it is believed; the wordings below only decide what is reported in
the end. They are those of Prometheus, Thanos, Cortex, Mimir, VictoriaMetrics, the managed services of
Amazon, Google and Azure, and common proxies.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from data_sources.errors import BadAnswer, QueryRefused, RateLimited, ServerFailed, SourceError, TimedOut

DAY = 86_400
SMALLEST_PIECE = 288
# The server allows 11 000 points a series (web/api/v1/api.go); 10 080 are a week of minutes.
LARGEST_PIECE = 10_080
_SEVERAL = 2  # so many queries that met a limit make it one of the server
_TOO_LARGE_STATUSES = (413, 414, 431)
_LIMIT = re.compile(
    r"""(?ix)
    too\ (many|large|long|big|much) | exceed | cannot\ (select|be\ (longer|larger|more)) | -search\.max | err-mimir-max
    | \b(max|maximum|limit)(imum)?\b .{0,80} \b(reached|violated|hit|is|of|was)\b | \bhit\ the\b .{0,40} \blimit\b
    | \b(limit|max|maximum)\s*[:=]?\s*\d | (limited|restricted)\ to\b | (larger|longer|greater|bigger|more)\ than\b
    | resource[_ ]?exhausted | (not\ enough|out\ of|insufficient|further)\ memory
    | timed?[ -]?out | deadline | took\ too\ long
    """
)
# About how often or how many at once, not about one query.
_RATE = re.compile(r"(?i)\brate\b|\brequests?\b|concurren|outstanding|\bqueue|throttl|per[ -](second|minute)|quota")
# What no smaller query would mend.
_QUERY = re.compile(
    r"""(?ix)
    parse\ error | \bparsing\b | cannot\ parse | syntax | unexpected | unknown\ (func|position|aggregat) | unparsed
    | invalid\ +(parameter|expression|query|label|regexp?) | expected\ (type|\d+\ argument) | unclosed | unterminated
    | many-to-(many|one) | one-to-many | duplicate\ series | same\ labelset | multiple\ matches | vector\ cannot
    | bad\ number | no\ such | unsupported | not\ supported | missing
    """
)


# Servers quote the query, whose own words say nothing about the refusal.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def _words(error: SourceError) -> str:
    return _QUOTED.sub("", error.detail)


def is_limit(error: SourceError) -> bool:
    """Whether the words or the status of a refusal are those of a limit on one query."""
    if error.facts.get("status") in _TOO_LARGE_STATUSES or error.facts.get("reason") == "too_large":
        return True
    if not _LIMIT.search(_words(error)) or is_about_the_query(error):
        return False
    return not (isinstance(error, RateLimited) and _RATE.search(_words(error)))


def is_about_the_query(error: SourceError) -> bool:
    """Whether a refusal is about what a query says, so that no smaller one would do."""
    return isinstance(error, QueryRefused) and _QUERY.search(_words(error)) is not None


def may_be_size(error: SourceError) -> bool:
    """Whether the same query over less time might succeed, provided that the server lives."""
    if isinstance(error, BadAnswer):
        return error.facts.get("reason") in ("too_large", "truncated")
    if isinstance(error, QueryRefused):
        ours = error.facts.get("reason", "server_limit") != "server_limit"  # such as native histograms
        return not ours and not is_about_the_query(error)
    return isinstance(error, TimedOut | ServerFailed) or is_limit(error)


def named(error: SourceError) -> SourceError:
    """A refusal that is a limit of the server as such: facts["reason"] is server_limit."""
    kinds = QueryRefused | RateLimited | ServerFailed
    if isinstance(error, kinds) and "reason" not in error.facts and is_limit(error):
        return QueryRefused(error.source, error.detail, {**error.facts, "reason": "server_limit"})
    return error


def smallest_piece(step_seconds: int) -> int:
    """How many buckets are asked for at least before a query is given up: a day, or 288 where that is less."""
    return max(1, min(SMALLEST_PIECE, DAY // step_seconds))


@dataclass(frozen=True, slots=True)
class _Passed:
    """The most buckets that were answered at once."""

    buckets: int
    more_was_refused: bool


class Learned:
    """How many buckets a server answered at once, by query and step; safe to use from several threads.

    Where two queries met a limit, the others begin with what passed there, unless larger ones have passed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards what follows
        self._passed: dict[tuple[str, int], _Passed] = {}

    def longest(self, text: str, step_seconds: int) -> int:
        """How many buckets to ask for."""
        with self._lock:
            own = self._passed.get((text, step_seconds))
            if own and own.more_was_refused:
                return own.buckets
            known = [passed for (_, step), passed in self._passed.items() if step == step_seconds]
            met = sum(passed.more_was_refused for passed in known)
            return LARGEST_PIECE if met < _SEVERAL else max(passed.buckets for passed in known)

    def passed(self, text: str, step_seconds: int, buckets: int, more_was_refused: bool) -> None:
        """Notes that so many were answered at once, and whether more had been refused."""
        with self._lock:
            before = self._passed.get((text, step_seconds), _Passed(0, False))
            refused = more_was_refused or before.more_was_refused
            self._passed[text, step_seconds] = _Passed(max(buckets, before.buckets), refused)

    def refused(self, text: str, step_seconds: int, buckets: int) -> None:
        """Notes that so many were refused: what was known of the query is no longer so."""
        with self._lock:
            before = self._passed.get((text, step_seconds))
            if before and before.buckets >= buckets:
                del self._passed[text, step_seconds]


class UnionSize:
    """How many requests share a query at most, by what the server refused; safe to use from several threads."""

    def __init__(self) -> None:
        self.most = 1000

    def refused(self, count: int) -> None:
        """Notes that so many were too many."""
        self.most = max(1, min(self.most, count // 8))

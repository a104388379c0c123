"""What readers of PromQL specs share: which counters a query counts, and counts out of rates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_sources.prometheus.division import on_one_line, unwrapped
from data_sources.prometheus.selectors import is_selector, read_selector
from tomoni.dialects.grouping import is_grouped
from tomoni.dialects.report import Fact

_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
_SELECTOR = rf"[a-zA-Z_:][\w:]*\s*(?:\{{(?:[^{{}}\"'`]|{_STRING})*\}})?|\{{(?:[^{{}}\"'`]|{_STRING})*\}}"
_COUNTED = re.compile(rf"\b(?P<function>rate|irate|increase)(?P<open>\s*\(\s*)(?P<what>{_SELECTOR})\s*\[\$window\]")
_SUM_OF_ONE = re.compile(rf"\s*sum\s*\(\s*(?:rate|increase)\s*\(\s*(?P<what>{_SELECTOR})\s*\[\$window\]\s*\)\s*\)\s*")
_WITHOUT_TEXTS = re.compile(
    rf"{_STRING}|#[^\n]*|\{{(?:[^{{}}\"'`]|{_STRING})*\}}|\b(?:by|without|on|ignoring)\s*\([^)]*\)"
)
# Whatever keeps a query from growing in proportion to its counters.
_NOT_LINEAR = re.compile(r"[/*%^<>]|==|!=|\b(?!sum\b|rate\b|irate\b|increase\b|or\b|label_replace\b)[a-z_]+\s*\(")
_OR_NOTHING = re.compile(r"\bor\s+vector\(\s*0\s*\)")
_ENDS_OR_NOTHING = re.compile(r"\s*\bor\s+vector\(\s*0\s*\)\s*$")
_PER_SECOND = re.compile(r"\b(?:i?rate|deriv)\s*\(")
_AGGREGATED = re.compile(r"\b(?:sum|avg|min|max|count|quantile|group|stddev|stdvar|topk|bottomk)\b")
_WHOLE_CALL = re.compile(r"\s*\w+\s*(\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\))\s*")
_RANGE = re.compile(r"\[(?!\$window\b)(?P<length>[0-9a-z]+)(?::[0-9a-z]*)?\]")
WINDOW = "$window"


Difference = tuple[str, str, Mapping[str, Fact]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How an SLI counts: its keys, and what differs from the query of a role (role, reason, facts)."""

    keys: dict[str, object]
    differences: tuple[Difference, ...] = ()


def counted(parts: Mapping[str, str]) -> Counted:
    """Counts out of the queries of an SLI by role (two of total, good and bad), in which ``$window`` is the window.

    A share stays the tool's own. Where the queries are sums of rates, the number of events is right too.
    """
    written = _two_of({role: on_one_line(query) for role, query in parts.items()})
    found = _counted(written)
    given = next(iter(parts.keys() - written.keys()), "")  # whose query the part is taken from that was not given
    differences = ((role if role in parts else given, reason, facts) for role, reason, facts in found.differences)
    return Counted(found.keys, tuple(differences))


def _counted(written: Mapping[str, str]) -> Counted:
    queries = {role: _one_line_of(query) for role, query in written.items()}
    grouped: list[Difference] = [(role, "grouped", {}) for role, query in written.items() if query != queries[role]]
    if all(_countable(query) for query in queries.values()):
        differences: list[Difference] = [
            (role, "irate", {}) for role, query in queries.items() if "irate" in bare(query)
        ]
        return Counted({role: _count(query, role) for role, query in queries.items()}, (*grouped, *differences))
    ranges: list[Difference] = [
        (role, "fixed_range", {"length": found}) for role in queries if (found := fixed_range(queries[role]))
    ]
    if all(per_second(query) for query in queries.values()):
        return Counted({"rate": dict(queries)}, (*grouped, *ranges))
    odd: list[Difference] = [
        (role, "not_a_rate", {}) for role, query in queries.items() if "increase" not in bare(query)
    ]
    expressions: dict[str, object] = {role: {"expr": _part_of(query, role)} for role, query in queries.items()}
    return Counted(expressions, (*grouped, *ranges, *odd))


def _two_of(queries: Mapping[str, str]) -> dict[str, str]:
    """The two parts that are counted where the bad events are what the good ones leave of the total, and where the
    total is the sum of good and bad ones, each possibly without a series."""
    if set(queries) != {"total", "bad"}:
        return dict(queries)
    total, bad = queries["total"], unwrapped(queries["bad"])
    for left in (f"{total} - ", f"({total}) - "):
        whole = left.startswith("(") or _is_call(total)
        if whole and bad.startswith(left) and (good := _left_out(bad[len(left) :].strip(), total)):
            return {"total": total, "good": good}
    counted_bad = _ENDS_OR_NOTHING.sub("", bad)
    good, plus, _ = total.removeprefix("(").partition(f" + {counted_bad}) or ")
    if plus and total == f"({good} + {counted_bad}) or {good} or {counted_bad}":
        return {"good": unwrapped(good), "bad": unwrapped(counted_bad)}
    return dict(queries)


def _left_out(text: str, total: str) -> str | None:
    """The good events behind the minus; None where more follows them, and where their missing series means something
    else than that there were none: a difference has no value then, unless they are buckets of what the total counts."""
    found = unwrapped(text)
    if found != text and _ENDS_OR_NOTHING.search(found):
        return unwrapped(_ENDS_OR_NOTHING.sub("", found))
    return found if _is_call(found) and _of_one_histogram(total, found) else None


def _is_call(query: str) -> bool:
    """Whether a query is one call, so that no operator of it binds less than a minus beside it."""
    return _WHOLE_CALL.fullmatch(_WITHOUT_TEXTS.sub("", query)) is not None


def _of_one_histogram(total: str, good: str) -> bool:
    counters = [counter_of(each) for each in (total, good)]
    if counters[0] is None or counters[1] is None:
        return False
    all_, within = read_selector(counters[0]), read_selector(counters[1])
    base = within.name.removesuffix("_bucket")
    return within.name != base and all_.name in (f"{base}_count", f"{base}_bucket")


def _one_line_of(query: str) -> str:
    """A query whose answer is one series: added up where it may be several."""
    several = is_grouped(query) or not (_AGGREGATED.search(bare(query)) or "scalar" in query or "vector" in query)
    return f"sum({query})" if several else query


def _countable(query: str) -> bool:
    return WINDOW in query and is_linear(query) and fixed_range(query) is None


def _count(query: str, role: str) -> object:
    """A counter, or an expression. That a part is 0 where its series is missing goes without saying here; that
    everything is would be a claim that nothing happened."""
    part = _part_of(query, role)
    return counter_of(part) or {"expr": counting(part)}


def _part_of(query: str, role: str) -> str:
    """A part without what it is where its series is missing; a total as it is."""
    if role == "total" or _ENDS_OR_NOTHING.search(query) is None:
        return query
    return unwrapped(_ENDS_OR_NOTHING.sub("", query))


def counter_of(query: str) -> str | None:
    """The counter selector whose increase, summed up, is all that a query counts; None for any other query."""
    found = _SUM_OF_ONE.fullmatch(unwrapped(query))
    selector = found["what"].strip() if found else ""
    return selector if selector and is_selector(selector) else None


def bare(query: str) -> str:
    """A query without its texts, matchers, comments and groupings: what it computes."""
    return _OR_NOTHING.sub("", _WITHOUT_TEXTS.sub("", query))


def is_linear(query: str) -> bool:
    """Whether a query is a plain sum of counters, so that it stays right when rates become counts."""
    return _NOT_LINEAR.search(bare(query)) is None


def per_second(query: str) -> bool:
    """Whether a query has rates in it."""
    return _PER_SECOND.search(bare(query)) is not None


def counting(query: str) -> str:
    """The query with the increase over the bucket for each rate over ``$window``."""
    return _COUNTED.sub(lambda found: f"increase{found['open']}{found['what'].strip()}[$window]", query)


def fixed_range(query: str) -> str | None:
    """The first range of a query that does not follow the window; None where all do."""
    found = _RANGE.search(bare(query))
    return found["length"] if found else None

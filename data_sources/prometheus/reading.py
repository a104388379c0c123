"""What can be told of a query by reading it: whether it counts the events of a bucket; pure.

Read with `promql_parser`. What it cannot read (functions of MetricsQL, a text that is too deep) gives no finding:
a remark that may be wrong is worse than none.

    only_a_rate          counts are needed, and only events per second can come out; ``role``, ``query``
    only_a_ratio         counts are needed, and only a share can come out; ``role``, ``query``
    not_a_rate, not_a_ratio  a rate or a share is needed, and something else can only come out; ``role``, ``query``
    counts_recorded      how fast a recorded series grows, which is no counter; ``role``, ``query``
    sum_before_increase  the increase of a sum, which falls with each series that ends; ``role``, ``query``
    parts_alike          two parts select the same events; ``role``, ``other``
    not_nested           a part selects other series than the total; ``role``, ``label``: those that the label restricts
                         only in the total; with the reason disjoint (``value``, ``other``) others altogether
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from data_sources.base import Notice
from data_sources.prometheus.query import with_window
from data_sources.prometheus.selectors import is_selector, label_name, quoted
from data_sources.prometheus.texts import expressions, recorded_texts
from data_sources.queries import Expression, Query, Ratio, RecordedRate, RecordedRatio

Node = Any  # of promql_parser's tree, whose types say little about what is in them
_ANY_STEP = 300
# The parser takes quadratic time, recursion without a limit, and panics at odd offsets.
_LONGEST, _MOST_OPERATORS = 4000, 200
_OPERATOR = re.compile(r"[-+*/^%(\[]")
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)""")
_ODD_OFFSET = re.compile(r"\boffset\b(?!\s*-?\s*\d{1,6}(?:ms|[smhdwy])(?![\w.]))", re.IGNORECASE)


class Kind(Enum):
    """What the numbers of an expression are."""

    COUNT = "events of a range"
    RATE = "events per second"
    RATIO = "a share"
    NUMBER = "a constant"
    UNKNOWN = "unknown"


_OF_CALL = {
    "increase": Kind.COUNT,
    "rate": Kind.RATE,
    "irate": Kind.RATE,
    "deriv": Kind.RATE,
    "histogram_fraction": Kind.RATIO,
    "vector": Kind.NUMBER,
}
# What these return is what they are given.
_KEEPING = frozenset({"abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "sort", "sort_desc"})
_KEEPING |= {"label_replace", "label_join", "scalar", "histogram_count"}
_KEEPING |= {f"{name}_over_time" for name in ("avg", "max", "min", "last", "quantile")}
_KEEPING_AGGREGATIONS = frozenset({"sum", "avg", "min", "max", "topk", "bottomk", "quantile"})
_FILTERS = frozenset({"and", "unless", "==", "!=", ">", "<", ">=", "<="})
_PRODUCTS = {
    (Kind.RATE, Kind.NUMBER): Kind.COUNT,  # such as * 300
    (Kind.COUNT, Kind.NUMBER): Kind.COUNT,
    (Kind.RATIO, Kind.NUMBER): Kind.RATIO,
    (Kind.RATIO, Kind.RATE): Kind.RATE,
    (Kind.RATIO, Kind.COUNT): Kind.COUNT,
}


@lru_cache(maxsize=4096)
def remarks_on(query: Query) -> tuple[Notice, ...]:
    """What is wrong with a query, by reading it."""
    if isinstance(query, RecordedRate | RecordedRatio):
        return tuple(_of_recorded(query))
    return (*_of_counts(expressions(query)), *_of_parts(query)) if isinstance(query, Ratio) else ()


def remarks_on_written(text: str) -> tuple[Notice, ...]:
    """What is wrong with a query that may show anything, by reading it."""
    parsed = parse(text)
    calls = [call for name in ("rate", "increase", "irate") for call in _calls(parsed, name)] if parsed else []
    facts = {"role": "value", "query": text}
    found = {
        "sum_before_increase": any(_sums_first(call) for call in calls),
        "counts_recorded": any(":" in _name_in(call) for call in calls),
    }
    return tuple(Notice(code, facts) for code, there in found.items() if there)


def _name_in(call: Node) -> str:
    """The metric whose range a function is given; only recording rules give names with colons."""
    return str(getattr(getattr(call.args[0], "vector_selector", None), "name", None) or "")


def _of_counts(texts: Mapping[str, str]) -> Iterator[Notice]:
    for role, text in texts.items():
        facts = {"role": role, "query": text}
        parsed = parse(text)
        kind = kind_of(parsed) if parsed else Kind.UNKNOWN
        if kind is Kind.RATE:
            yield Notice("only_a_rate", facts)
        elif kind is Kind.RATIO:
            yield Notice("only_a_ratio", facts)
        elif parsed and any(_sums_first(call) for call in _calls(parsed, "increase")):
            yield Notice("sum_before_increase", facts)


def _of_recorded(query: RecordedRate | RecordedRatio) -> Iterator[Notice]:
    texts, counted = recorded_texts(query), expressions(query)
    yield from _of_counts(counted)
    for role, text in texts.items():
        parsed = None if role in counted or (role == "weight" and is_selector(text)) else parse(text)
        kind = kind_of(parsed) if parsed else Kind.UNKNOWN
        if role in ("error", "success"):
            if kind in (Kind.COUNT, Kind.RATE):
                yield Notice("not_a_ratio", {"role": role, "query": text})
        elif kind in (Kind.COUNT, Kind.RATIO):
            yield Notice("not_a_rate", {"role": role, "query": text})


def _of_parts(query: Ratio) -> Iterator[Notice]:
    parts = {role: part.expr if isinstance(part, Expression) else part for role, part in query.parts.items()}
    if len(parts) != 2:
        return
    (first, other), (role, text) = parts.items()
    if "".join(text.split()) == "".join(other.split()):
        yield Notice("parts_alike", {"role": role, "other": first})
    elif first == "total" and all(isinstance(part, str) for part in query.parts.values()):
        yield from _not_nested(role, other, text)


def _not_nested(role: str, total: str, part: str) -> Iterator[Notice]:
    """What keeps the series of a part from being among those of the total: only of one and the same metric."""
    whole, inner = (_matchers(parse(text)) for text in (total, part))
    if whole is None or inner is None or whole.get("__name__") != inner.get("__name__"):
        return
    for label, (operator, value) in whole.items():
        if label not in inner:
            if value not in ("", ".*", ".+"):
                yield Notice("not_nested", {"role": role, "label": label})
        elif inner[label][0] == "=" and not _admits(operator, value, inner[label][1]):
            facts = {"role": role, "label": label, "reason": "disjoint", "value": inner[label][1], "other": value}
            yield Notice("not_nested", facts)


def _matchers(parsed: Node | None) -> dict[str, tuple[str, str]] | None:
    """The matchers of a selector by label; None where a label has several, or it is no selector."""
    from promql_parser import VectorSelector  # noqa: PLC0415 - a client library of this adapter

    if not isinstance(parsed, VectorSelector):
        return None
    listed = [(each.name, (_operator(each.op), each.value)) for each in parsed.matchers.matchers]
    if parsed.name:
        listed.append(("__name__", ("=", parsed.name)))
    return dict(listed) if len(dict(listed)) == len(listed) else None


def _operator(found: object) -> str:
    return {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}[str(found).rpartition(".")[2]]


def _admits(operator: str, pattern: str, value: str) -> bool:
    """Whether a matcher admits a value; so it is taken where the expression cannot be judged here."""
    if operator in ("=", "!="):
        return (value == pattern) is (operator == "=")
    if not re.fullmatch(r"[\w.|:/ \-*+]{1,200}", pattern) or pattern.count("*") + pattern.count("+") > 3:
        return True
    return (re.fullmatch(pattern, value) is not None) is (operator == "=~")


@lru_cache(maxsize=4096)
def parse(text: str) -> Node | None:
    """An expression in which $window is some bucket; None where it cannot be read."""
    return _parsed(text)[0]


def refusal(text: str) -> str | None:
    """Why an expression in which $window is some bucket is no PromQL, in the parser's words; None where it is, and
    where it is not looked at: too long, too deep, or with an offset that the parser does not survive."""
    return _parsed(text)[1]


def _parsed(text: str) -> tuple[Node | None, str | None]:
    text = with_window(text, _ANY_STEP)
    if (
        len(text) > _LONGEST
        or len(_OPERATOR.findall(text)) > _MOST_OPERATORS
        or _ODD_OFFSET.search(_QUOTED.sub("", text))
    ):
        return None, None
    import promql_parser  # noqa: PLC0415 - a client library of this adapter

    try:
        return promql_parser.parse(text), None
    except ValueError as error:
        return None, str(error)
    except BaseException as error:  # a panic of the parser is no Exception
        if type(error).__name__ != "PanicException":
            raise
        return None, None


def kind_of(parsed: Node) -> Kind:
    """What the numbers of an expression are."""
    import promql_parser as promql  # noqa: PLC0415 - a client library of this adapter

    match parsed:
        case promql.NumberLiteral():
            return Kind.NUMBER
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return kind_of(parsed.expr)
        case promql.AggregateExpr():
            return kind_of(parsed.expr) if str(parsed.op) in _KEEPING_AGGREGATIONS else Kind.UNKNOWN
        case promql.Call():
            return _kind_of_call(parsed.func.name, [kind_of(argument) for argument in parsed.args])
        case promql.BinaryExpr():
            return _kind_of_both(str(parsed.op), kind_of(parsed.lhs), kind_of(parsed.rhs))
        case _:
            return Kind.UNKNOWN


def _kind_of_call(name: str, arguments: list[Kind]) -> Kind:
    if name in _KEEPING:
        # Parameters are constants, beside the one vector.
        return next((kind for kind in arguments if kind is not Kind.NUMBER), Kind.NUMBER)
    return _OF_CALL.get(name, Kind.UNKNOWN)


def _kind_of_both(operator: str, left: Kind, right: Kind) -> Kind:
    if operator in _FILTERS:
        return left
    if operator in ("+", "-", "or"):
        return left if right in (left, Kind.NUMBER) else right if left is Kind.NUMBER else Kind.UNKNOWN
    if operator == "*":
        return _PRODUCTS.get((left, right)) or _PRODUCTS.get((right, left)) or Kind.UNKNOWN
    if operator == "/" and left is right and left in (Kind.COUNT, Kind.RATE):
        return Kind.RATIO
    return Kind.UNKNOWN


def _calls(parsed: Node, name: str) -> Iterator[Node]:
    """The calls of a function anywhere in an expression."""
    if (func := getattr(parsed, "func", None)) is not None and func.name == name:
        yield parsed
    for inner in (getattr(parsed, "expr", None), getattr(parsed, "lhs", None), getattr(parsed, "rhs", None)):
        if inner is not None:
            yield from _calls(inner, name)
    for argument in getattr(parsed, "args", ()):
        yield from _calls(argument, name)


def _sums_first(call: Node) -> bool:
    """Whether a function of counters is given the sum of series: it falls with each that ends."""
    inner: Node = getattr(call.args[0], "expr", None)
    while type(inner).__name__ == "ParenExpr":
        inner = inner.expr
    if type(inner).__name__ != "AggregateExpr" or str(inner.op) != "sum":
        return False
    return type(inner.expr).__name__ == "VectorSelector"


def counter_selectors(query: Query) -> dict[str, str]:
    """The selectors whose increase a query counts, by role: those of its expressions too, where there is one."""
    found: dict[str, str] = {}
    if isinstance(query, Ratio):
        found = {role: part for role, part in query.parts.items() if isinstance(part, str)}
    elif isinstance(query, RecordedRatio) and isinstance(query.ratio.weight, str):
        found = {"weight": query.ratio.weight}
    for role, text in expressions(query).items():
        parsed = parse(text)
        ranges = [call.args[0] for call in _calls(parsed, "increase")] if parsed else []
        if len(ranges) == 1 and type(ranges[0]).__name__ == "MatrixSelector":
            found[role] = _plain(ranges[0].vector_selector)
    return found


def _plain(selector: Node) -> str:
    """A selector without the offset that it may have: what a metric is, it is at all times."""
    listed = selector.matchers.matchers
    matchers = [f"{label_name(each.name)}{_operator(each.op)}{quoted(each.value)}" for each in listed]
    return f"{selector.name or ''}{{{','.join(matchers)}}}" if matchers else str(selector.name)

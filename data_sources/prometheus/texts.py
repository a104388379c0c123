"""What is wrong or suspicious about the texts of a query, without asking a server."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data_sources.prometheus.selectors import is_selector
from data_sources.queries import (
    Expression,
    Form,
    Gauge,
    Ratio,
    RecordedRate,
    RecordedRatio,
    Shares,
    TextSignal,
    Weight,
)
from data_sources.written import KeyFault

WINDOW = "$window"
_PLACEHOLDER = re.compile(r"\$(?:\{\s*[A-Za-z_][^}]*\}|[A-Za-z_]\w*)")
_GROUP = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`', re.DOTALL)
_RANGE = re.compile(r"(?P<selector>[^\[\]]*(?:\{.*\})?\s*)\[[^\[\]]*\]\s*", re.DOTALL)
_FUNCTION = re.compile(
    r"\s*(?:sum\s*(?:(?:by|without)\s*\([^()]*\)\s*)?\(\s*)?(?P<function>rate|irate|increase|delta)\s*"
    r"\((?P<selector>.*)\[[^\[\]]*\]\s*\)\s*\)?\s*",
    re.DOTALL,
)
_PERCENT = re.compile(r"(?:^|[_:])(?:percent|percentage|pct)(?:$|[_:{\s)])", re.IGNORECASE)
_DIVIDED = re.compile(r"/\s*100\b|\*\s*0?\.01\b")
# Events per second where those of a bucket are wanted; a product may be with its length.
_PER_SECOND = re.compile(r"(?<![\w:])(rate|irate|deriv)\s*\(")
_EDGE = re.compile(r"[{,]\s*le\s*(?:=~|!~|!=|=)")
_BUCKET_NAME = re.compile(r"\s*([A-Za-z_:][A-Za-z0-9_:]*)_bucket\b")


def faults_of_shared(query: Form) -> Iterator[KeyFault]:
    """The faults of a query in a form that other kinds answer too."""
    if isinstance(query, TextSignal):
        yield from placeholder_faults((), query.query)
    elif isinstance(query, Gauge):
        yield from placeholder_faults(("gauge",), query.gauge)
    elif isinstance(query, RecordedRate):
        for key, text in query.rate.parts.items():
            yield from placeholder_faults(("rate", key), text)
    elif isinstance(query, RecordedRatio):
        yield from _faults_of_shares(query.ratio)
    elif isinstance(query, Ratio):
        for key, part in query.parts.items():
            yield from _part_faults(key, part)


def _part_faults(key: str, part: str | Expression) -> Iterator[KeyFault]:
    if isinstance(part, Expression):
        yield from placeholder_faults((key, "expr"), part.expr)
        if WINDOW not in part.expr:
            yield KeyFault((key, "expr"), "window_not_used")
        elif (found := _PER_SECOND.search(bare := _STRING.sub("", part.expr))) and "*" not in bare:
            yield KeyFault((key, "expr"), "rate_as_count", {"function": found[1]})
    else:
        yield from selector_faults(key, part)


def _faults_of_shares(written: Shares) -> Iterator[KeyFault]:
    for key in ("error", "success"):
        text = getattr(written, key) or ""
        yield from placeholder_faults(("ratio", key), text)
        if _PERCENT.search(text) and not _DIVIDED.search(text):
            yield KeyFault(("ratio", key), "percent_not_ratio", {"key": key})
    weight = written.weight
    if isinstance(weight, Weight):
        yield from placeholder_faults(("ratio", "weight", "rate"), weight.rate or "")
    part = Expression(expr=weight.expr) if isinstance(weight, Weight) and weight.expr else weight
    if isinstance(part, str | Expression):
        for fault in _part_faults("weight", part):
            yield KeyFault(("ratio", *fault.path), fault.code, fault.facts, fault.at_key)


def expressions(query: Form) -> dict[str, str]:
    """The full expressions for counts, by role."""
    if isinstance(query, Ratio):
        return {role: part.expr for role, part in query.parts.items() if isinstance(part, Expression)}
    weight = query.ratio.weight if isinstance(query, RecordedRatio) else None
    return {"weight": weight.expr} if isinstance(weight, Weight) and weight.expr else {}


def recorded_texts(query: RecordedRate | RecordedRatio) -> dict[str, str]:
    """What is written for each role."""
    if isinstance(query, RecordedRate):
        return query.rate.parts
    written = query.ratio
    weight = written.weight.expr or written.weight.rate if isinstance(written.weight, Weight) else written.weight
    texts = {"error": written.error, "success": written.success, "weight": weight}
    return {role: text for role, text in texts.items() if text is not None}


def recorded_counters(query: RecordedRate | RecordedRatio) -> dict[str, str]:
    """The counter selectors among them, by role."""
    weight = query.ratio.weight if isinstance(query, RecordedRatio) else None
    return {"weight": weight} if isinstance(weight, str) else {}


def placeholder_faults(path: tuple[str, ...], text: str) -> Iterator[KeyFault]:
    """The placeholders of a text that are never rendered; names in its own regular expressions are not placeholders."""
    groups = set(_GROUP.findall(text))
    for found in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if found != WINDOW and found.strip("${} ") not in groups:
            yield KeyFault(path, "unknown_placeholder", {"placeholder": found, "known": WINDOW})


def selector_faults(key: str, text: str) -> Iterator[KeyFault]:
    """What keeps a text from being one selector: a metric's name, or matchers, or both."""
    if found := _PLACEHOLDER.search(text):
        yield KeyFault((key,), "placeholder_in_selector", {"placeholder": found[0]})
    elif not is_selector(text):
        yield _no_selector(key, text)


def _no_selector(key: str, text: str) -> KeyFault:
    """What is written in place of a selector: a range, a function around one, or one without its end."""
    if (found := _RANGE.fullmatch(text)) and is_selector(found["selector"]):
        return KeyFault((key,), "selector_has_range", {"meant": found["selector"].strip()})
    if (found := _FUNCTION.fullmatch(text)) and is_selector(found["selector"]):
        meant = found["selector"].strip()
        return KeyFault((key,), "selector_in_function", {"function": found["function"], "meant": meant, "key": key})
    bare = _STRING.sub("", text)
    if any(quote in bare for quote in "\"'`"):
        return KeyFault((key,), "selector_unclosed", {"missing": next(quote for quote in "\"'`" if quote in bare)})
    for first, last in ("{}", "()"):
        if bare.count(first) != bare.count(last):
            missing = last if bare.count(first) > bare.count(last) else first
            return KeyFault((key,), "selector_unclosed", {"missing": missing})
    return KeyFault((key,), "selector_expected", {"key": key})


def histogram_faults(text: str) -> Iterator[KeyFault]:
    """The faults of the selector of a histogram, which is named without ``_bucket``."""
    yield from selector_faults("histogram", text)
    if found := _BUCKET_NAME.match(text):
        yield KeyFault(("histogram",), "histogram_named_bucket", {"meant": found[1]})
    if _EDGE.search(_STRING.sub("", text)):
        yield KeyFault(("histogram",), "histogram_has_edge")

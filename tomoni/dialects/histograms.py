"""Thresholds of classic histograms in PromQL specs."""

from __future__ import annotations

import json
import math

from data_sources.prometheus.selectors import Matcher, Selector, is_selector, matchers_of, read_selector
from tomoni.dialects.common import under_of

_MILLISECOND = 1e-3


def histogram_of(total: str, success: str) -> dict[str, object] | None:
    """The histogram and the threshold of the counters of all events and of those within an edge; None where they are
    not of one histogram in seconds, and have to stay counters."""
    if not (is_selector(total) and is_selector(success)):
        return None
    all_, within = read_selector(total), read_selector(success)
    base = within.name.removesuffix("_bucket")
    if within.name == base or all_.name not in (base + "_count", base + "_bucket") or not base.endswith("_seconds"):
        return None
    edges = [matcher for matcher in matchers_of(within) if matcher.label == "le"]
    rest = [matcher for matcher in matchers_of(within) if matcher.label != "le"]
    beside = [matcher for matcher in matchers_of(all_) if not _everything(matcher)]
    if sorted(map(_text, rest)) != sorted(map(_text, beside)) or len(edges) != 1 or edges[0].operator != "=":
        return None
    seconds = _number(edges[0].value)
    if seconds is None:
        return None
    return {"histogram": str(Selector(base, ",".join(map(_text, rest)))), "under": _threshold(seconds)}


def _everything(matcher: Matcher) -> bool:
    """The edge of all events, by which a bucket series counts everything; "" is Pyrra's for native histograms."""
    return matcher.label == "le" and matcher.operator == "=" and matcher.value in ("+Inf", "")


def _text(matcher: Matcher) -> str:
    return f"{matcher.label}{matcher.operator}{json.dumps(matcher.value, ensure_ascii=False)}"


def _number(edge: str) -> float | None:
    try:
        seconds = float(edge)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _threshold(seconds: float) -> object:
    """A length where it is whole milliseconds, else the number of seconds."""
    in_milliseconds = round(seconds / _MILLISECOND, 6)
    return under_of(seconds) if in_milliseconds == int(in_milliseconds) else seconds

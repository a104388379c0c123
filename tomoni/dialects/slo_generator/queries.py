"""What slo-generator's backends and methods count."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from data_sources.prometheus.division import on_one_line
from data_sources.prometheus.selectors import is_selector
from tomoni.dialects.common import range_of
from tomoni.dialects.histograms import histogram_of
from tomoni.dialects.promql import counted
from tomoni.dialects.promql_split import counts_of_share
from tomoni.dialects.reading import Given
from tomoni.dialects.report import Fate

PROMETHEUS, GOOGLE = "prometheus", "cloud_monitoring"
_WINDOW = re.compile(r"\[window")
_PROJECT = re.compile(r"""\bproject\s*=\s*(?:"[^"]*"|'[^']*'|\S+)\s*(?:AND\b)?""")
_METRIC = re.compile(r"""metric\.type\s*=\s*["']?([\w./-]+)""")
_USUAL_OPERATORS = (["increase", "sum"], ["rate", "sum"])
# Metrics whose distributions have exponential buckets with a growth of the square root of 2, from 1 on.
_ROOT_OF_TWO = ("loadbalancing.googleapis.com/https/", "appengine.googleapis.com/http/server/")
Sli = dict[str, object]


def sli_of(spec: Given) -> tuple[str, Sli]:
    """The kind of source and the SLI. Raises CannotHold for what is asked of another backend."""
    backend, method = spec.needed("backend"), spec.needed("method")
    indicator = spec.needed_inside("service_level_indicator")
    name = backend.partition("/")[0]
    if name == "cloud_monitoring_mql":
        raise spec.cannot("backend", "mql")
    if name == PROMETHEUS:
        readers = {"good_bad_ratio": _ratio, "query_sli": _query, "distribution_cut": _histogram}
    elif name in (GOOGLE, "cloud_service_monitoring"):
        readers = {"good_bad_ratio": _filters, "distribution_cut": _distribution}
    else:
        raise spec.cannot("backend", "source_type", name=name)
    if method not in readers:
        raise spec.cannot("method", "method", written=method[:40], backend=name)
    return (PROMETHEUS if name == PROMETHEUS else GOOGLE), readers[method](indicator)


def _parts(indicator: Given) -> dict[str, str]:
    """The keys of the filters by their roles: of bad and valid events the tool prefers the bad ones."""
    other = "filter_bad" if indicator.has("filter_bad") else "filter_valid"
    if other == "filter_bad":
        indicator.ignore("bad_before_valid", "filter_valid")
    return {"filter_good": "good", other: "bad" if other == "filter_bad" else "total"}


def _ratio(indicator: Given) -> Sli:
    operators = indicator.words("operators") if indicator.has("operators") else _USUAL_OPERATORS[0]
    queries = {
        role: indicator.asks(key, _operated(indicator.needed(key), operators))
        for key, role in _parts(indicator).items()
    }
    keys = {role: key for key, role in _parts(indicator).items()}
    found = counted(queries)
    for role, reason, facts in found.differences:
        indicator.say(keys[role], Fate.APPROXIMATED, reason, **facts)
    return found.keys


def _operated(query: str, operators: list[str]) -> str:
    """The query with its window, and the functions of ``operators`` around it, as the tool builds it."""
    text = _WINDOW.sub("[$window", on_one_line(query))
    if "[$window" not in text:
        text += "[$window]"
    for operator in operators:
        text = f"{operator}({text})"
    return text


def _query(indicator: Given) -> Sli:
    query = indicator.asks("expression", _WINDOW.sub("[$window", on_one_line(indicator.needed("expression"))))
    found = counts_of_share(query)
    if found is None:
        indicator.say("expression", Fate.APPROXIMATED, "averaged")
        return {"ratio": {"success": query}}
    keys, added_up = found
    if added_up:
        indicator.say("expression", Fate.APPROXIMATED, "first_series")
    return keys


def _histogram(indicator: Given) -> Sli:
    success = on_one_line(indicator.needed("expression"))
    edge = indicator.needed("threshold_bucket")
    if not is_selector(success):
        raise indicator.cannot("expression", "no_selector")
    indicator.asks("expression", success)
    total = success.replace("_bucket", "_count", 1)
    matcher = f'le="{edge}"'
    head, brace, rest = success.partition("{")
    inner = rest.rpartition("}")[0].rstrip().rstrip(",")
    within = f"{head}{{{inner}{',' if inner else ''}{matcher}}}" if brace else f"{success}{{{matcher}}}"
    return histogram_of(total, within) or {"total": total, "good": within}


def _filters(indicator: Given) -> Sli:
    return {role: _filter(indicator, key) for key, role in _parts(indicator).items()}


def _filter(indicator: Given, key: str) -> str:
    """A filter without its project, which is that of the source."""
    written = on_one_line(indicator.needed(key))
    text = _PROJECT.sub("", written).strip()
    if text != written:
        indicator.say(key, Fate.APPROXIMATED, "project_of_source")
    if not text:
        raise indicator.cannot(key, "missing_key", key=key)
    return text


def _distribution(indicator: Given) -> Sli:
    if indicator.has("range_min") or indicator.has("range_max"):
        key = "filter_valid" if indicator.has("filter_valid") else "distribution_filter"
        return {"distribution": _filter(indicator, key), **range_of(indicator, "range_min", "range_max")}
    text = _filter(indicator, "filter_valid")
    bucket = int(indicator.number("threshold_bucket"))
    metric = found[1] if (found := _METRIC.search(text)) else ""
    if not metric.startswith(_ROOT_OF_TWO):
        raise indicator.cannot("threshold_bucket", "bucket_index", metric=metric or "-")
    if not indicator.flag("good_below_threshold", otherwise=True):
        raise indicator.cannot("good_below_threshold", "above_threshold")
    edge = Decimal(str(round(math.sqrt(2) ** bucket, 4)))
    indicator.say("threshold_bucket", Fate.APPROXIMATED, "bounds_assumed", written=str(bucket), edge=f"{edge:f}")
    return {"distribution": text, "range": [0, float(edge)]}

"""Apps with anything that their files may hold, for what an export and an import make of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tomoni.catalog.schema import App, Journey, Slo

# Every character that means something in PromQL, YAML, HCL, JSON or a template.
WORDS = st.text(st.sampled_from("ab \"'\\{}[]$%#:,&*!|>`@\n\t\u2028\x7fé日😀-"), min_size=1, max_size=12).filter(
    lambda text: any(sign.isprintable() and not sign.isspace() for sign in text)
)
TITLES = WORDS | st.fixed_dictionaries({"en": WORDS}, optional={"ja": WORDS})
_MARKS = st.dictionaries(st.sampled_from(["tier", "owner"]), WORDS, min_size=1)
_SHARES = (("page", "1h", "5m", 0.02), ("page", "6h", "30m", 0.05), ("ticket", "1d", "2h", 0.1))
WORKBOOK = [
    {"severity": severity, "long": long, "short": short, "share": share}
    for severity, long, short, share in (*_SHARES, ("ticket", "3d", "6h", 0.1))
]
PYRRA = [
    {"severity": severity, "long": long, "short": short, "factor": factor}
    for severity, long, short, factor in (
        ("page", "1h", "5m", 14),
        ("page", "6h", "30m", 7),
        ("ticket", "1d", "2h", 2),
        ("ticket", "4d", "6h", 1),
    )
]
_COUNTER, _PART = 'a_total{job="x"}', 'b_total{job="日^#:{}.*",code=~"5..|\\\\."}'
SLIS: tuple[Mapping[str, object], ...] = (
    {"total": _COUNTER, "bad": _PART},
    {"total": _COUNTER, "good": _PART},
    {"good": _COUNTER, "bad": _PART},
    {"total": {"expr": "sum(increase(a[$window])) * 2"}, "bad": {"expr": "sum(increase(b[$window])) / 2"}},
    {"total": {"expr": "sum(increase(a[$window]))"}, "good": {"expr": "sum(increase(b[$window]))"}},
    {"total": {"expr": "sum(rate(a[$window]))"}, "bad": {"expr": "sum(rate(b[$window]))"}},
    {"histogram": 'http_seconds{job="x"}', "under": "300ms"},
    {"histogram": "size_bytes", "under": 1000},
    {"gauge": "min(up)", "good_when": ">= 1"},
    {"gauge": "min(up)", "good_when": "!= 0"},
    {"ratio": {"error": "job:errors:ratio"}},
    {"ratio": {"success": "avg(ok)"}},
    {"rate": {"total": "job:all:rate5m", "bad": "job:bad:rate5m"}},
)
_ALERTING: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["ShopErrors", "ErrorBudgetBurn"]),
        "labels": _MARKS,
        "annotations": _MARKS,
        "page": st.fixed_dictionaries(
            {}, optional={"labels": st.just({"severity": "critical"}), "annotations": _MARKS}
        ),
        "ticket": st.fixed_dictionaries({}, optional={"labels": _MARKS}),
    },
)
MOVED: tuple[Mapping[str, object], ...] = (
    {"calendar": "year", "first_month": 4, "first_day": 28},
    {"calendar": "week", "first_day": 7, "starts_at": "06:30"},
    {"calendar": "day", "starts_at": "23:59", "timezone": "Asia/Kolkata"},
)
_Keys = st.SearchStrategy[dict[str, Any]]
_SLOS: _Keys = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["one", "two", "three"]),
        "objective": st.sampled_from([99, 99.95, 50.125, 100]),
        "window": st.sampled_from(["28d", "30d", "7d", {"calendar": "month"}, {"calendar": "quarter"}, *MOVED]),
        "sli": st.sampled_from(SLIS).map(lambda sli: {"source": "prometheus", **sli}),
    },
    optional={
        "title": TITLES,
        "description": TITLES,
        "bucket": st.sampled_from(["1m", "10m"]),
        "min_events": st.just(100),
        "judge_after": st.sampled_from([0, 0.5]),
        "silence": st.just({"after": "2h", "means": "no_data"}),
        "alerts": st.sampled_from([[], WORKBOOK, WORKBOOK[:2], PYRRA]),
        "labels": _MARKS,
        "annotations": _MARKS,
        "alerting": _ALERTING,
        "slices": st.sampled_from([("5m", "ignore"), ("10m", "bad")]),
    },
)


def _of_slices(slo: Mapping[str, Any]) -> dict[str, Any]:
    keys = {key: value for key, value in slo.items() if key != "slices"}
    if "slices" not in slo:
        return keys
    length, no_data = slo["slices"]
    keys.pop("bucket", None)
    return {**keys, "method": "timeslices", "slice": {"length": length, "target": 99}, "no_data": no_data}


_JOURNEYS: _Keys = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["order", "search"]),
        "slos": st.lists(_SLOS.map(_of_slices), min_size=1, max_size=3, unique_by=lambda slo: slo["id"]),
    },
    optional={"title": TITLES, "description": TITLES, "composite": st.just("worst_of"), "users": WORDS},
)
_CPU = {"id": "cpu", "source": "prometheus", "unit": "ratio", "query": "avg(cpu)"}
APPS: _Keys = st.fixed_dictionaries(
    {
        "app": st.just("shop"),
        "journeys": st.lists(_JOURNEYS, min_size=1, max_size=2, unique_by=lambda journey: journey["id"]),
    },
    optional={
        "title": TITLES,
        "description": TITLES,
        "teams": st.just({"app": "sales"}),
        "timezone": st.just("Asia/Tokyo"),
        "links": st.just([{"title": "Runbook", "url": "https://x.example"}]),
        "review": st.just({"every": "2 weeks"}),
        "infra": st.just([_CPU]),
        "labels": _MARKS,
        "annotations": _MARKS,
        "importance": WORDS,
    },
)


def facts_of_slo(slo: Slo) -> dict[str, object]:
    """Everything that is said of an SLO, by the keys of app files."""
    definition, alerting = slo.definition, slo.kept.alerting
    return {
        "title": slo.title,
        "description": slo.description,
        "objective": definition.objective,
        "window": definition.window,
        "sli": (slo.source, slo.sli),
        "slice": definition.slices and (definition.slices.length_seconds, definition.slices.target_percent),
        "no_data": definition.slices and definition.slices.no_data,
        "alerts": definition.rules,
        "bucket": slo.bucket_seconds,
        "min_events": definition.min_events,
        "judge_after": definition.judge_after,
        "silence": definition.silence,
        "labels": slo.kept.marks.labels,
        "annotations": slo.kept.marks.annotations,
        "alerting.name": alerting.name,
        **{
            f"alerting.{of}{key}": getattr(marks, key)
            for of, marks in (("", alerting.every), ("page.", alerting.page), ("ticket.", alerting.ticket))
            for key in ("labels", "annotations")
        },
    }


def facts_of_journey(journey: Journey) -> dict[str, object]:
    """Everything that is said of a journey besides its SLOs."""
    return {
        "title": journey.title,
        "description": journey.description,
        "composite": journey.composite,
        "users": journey.profile.users,
    }


def facts_of_app(app: App) -> dict[str, object]:
    """Everything that is said of an app besides its journeys."""
    return {
        "title": app.title,
        "description": app.description,
        "teams": app.teams,
        "timezone": app.timezone,
        "links": app.links,
        "review": app.review,
        "infra": app.infra,
        "importance": app.profile.importance,
        "labels": app.kept.marks.labels,
        "annotations": app.kept.marks.annotations,
    }

"""Queries that cannot count events are named by reading them; those that may are not."""

from __future__ import annotations

import random
import re
import subprocess
import sys

import pytest

from data_sources.prometheus.config import Histogram
from data_sources.prometheus.reading import Kind, counter_selectors, kind_of, parse, remarks_on, remarks_on_written
from data_sources.queries import Expression, Gauge, Query, Ratio, RecordedRate, RecordedRatio, TextSignal
from tests.tables import table

KINDS = {
    Kind.COUNT: [
        "sum(increase(a[$window]))",
        "sum by (x) (increase(a[5m])) + sum(increase(b[5m] offset 5m))",
        "sum(rate(a[$window])) * 300",
        "300 * rate(a[5m])",
        "sum(increase(a[5m])) or vector(0)",
        "clamp_min(sum(increase(a[5m])) - sum(increase(b[5m])), 0)",
        "(sum(increase(a[5m]))) > 0",
        "sum(rate(a[5m])) * 60 * 5",
        "sum(increase(a[5m])) * (sum(increase(b[5m])) / sum(increase(a[5m])))",
    ],
    Kind.RATE: [
        "sum(rate(a[$window]))",
        'sum without (pod) (irate(a{code=~"5.."}[5m]))',
        "sum(rate(a[5m])) + sum(rate(b[5m]))",
        "avg_over_time(sum(rate(a[5m]))[$window:1m])",
        "sum(rate(a[5m])) or vector(0)",
        "vector(0) + sum(rate(a[5m]))",
        "label_replace(sum(rate(a[5m])), 'x', 'y', '', '')",
        "-(sum(rate(a[5m])))",
        "sum(rate(a[5m])) and on () up",
        "quantile_over_time(0.5, rate(a[5m])[$window:1m])",
        "topk(1, rate(a[5m]))",
        "deriv(a[5m])",
    ],
    Kind.RATIO: [
        "sum(rate(a[5m])) / sum(rate(b[5m]))",
        "1 - sum(increase(a[5m])) / sum(increase(b[5m]))",
        "100 * (sum(rate(a[5m])) / sum(rate(b[5m])))",
        "histogram_fraction(0, 0.5, rate(a[5m]))",
    ],
    Kind.UNKNOWN: [
        "job:a:increase5m",
        "sum(a)",
        "sum_over_time(job:a:increase1m[$window:1m])",
        "count(up)",
        "changes(a[$window])",
        "a / 2",
        "sum(rate(a[5m])) * on () group_left () b",
        "histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))",
        "sum(rate(a[5m])) + b",
        "sum(increase(a[5m])) or sum(rate(a[5m]))",
        "avg_over_time(a[$window])",
        "count_over_time((rate(a[5m]) > 1)[$window:1m])",
    ],
}
PAIRS = [(kind, text) for kind, texts in KINDS.items() for text in texts]
UNREADABLE = [
    "median_over_time(a[5m])",
    "sum(rate(a))",
    "sum(increase_pure(a[5m]))",
    "sum(rate(a[5m])) keep_metric_names",
    "WITH (x = a) sum(rate(x[5m]))",
    "a offset 1e999",
    "rate(a[5m] offset NaN)",
    "(" * 30_000 + "a" + ")" * 30_000,
    "-" * 1000 + "a",
    "sum(",
    "",
    "'",
]


def codes(query: Query) -> list[str]:
    return [notice.code for notice in remarks_on(query)]


def total(text: str) -> Ratio:
    return Ratio(total=Expression(expr=text), bad=Expression(expr="sum(increase(failed[$window]))"))


@table(("kind", "text"), PAIRS)
def test_what_the_numbers_of_an_expression_are(kind: Kind, text: str) -> None:
    parsed = parse(text)
    assert parsed is not None
    assert kind_of(parsed) is kind


@table(("kind", "text"), PAIRS)
def test_only_what_cannot_be_a_count_is_named_as_one(kind: Kind, text: str) -> None:
    expected = {Kind.RATE: ["only_a_rate"], Kind.RATIO: ["only_a_ratio"]}.get(kind, [])
    assert codes(total(text)) == expected
    weighted = {"ratio": {"error": "r", "weight": {"expr": text}}}
    assert codes(RecordedRatio.model_validate(weighted)) == expected


@table(("kind", "text"), PAIRS)
def test_only_what_cannot_be_a_rate_or_a_share_is_named_as_one(kind: Kind, text: str) -> None:
    rate = RecordedRate.model_validate({"rate": {"total": text, "bad": "job:failed:rate5m"}})
    assert codes(rate) == (["not_a_rate"] if kind in (Kind.COUNT, Kind.RATIO) else [])
    ratio = RecordedRatio.model_validate({"ratio": {"error": text}})
    assert codes(ratio) == (["not_a_ratio"] if kind in (Kind.COUNT, Kind.RATE) else [])


@table("text", UNREADABLE)
def test_what_cannot_be_read_is_not_named(text: str) -> None:
    assert parse(text) is None
    if text:
        assert codes(total(text)) == []


@table(
    ("text", "named"),
    [
        ("increase(sum(a)[$window:])", True),
        ("increase((sum by (x) (a))[$window:30s]) + 1", True),
        ("sum(increase(a[$window]))", False),
        ("increase(sum(rate(a[1m]))[$window:])", False),
        ("sum(increase(max by (pod) (a)[$window:]))", False),
        ("increase(a[$window:1m])", False),
    ],
)
def test_the_increase_of_a_sum_is_named(text: str, named: bool) -> None:
    assert codes(total(text)) == (["sum_before_increase"] if named else [])


@table(
    ("whole", "part", "named"),
    [
        ('a{x="1"}', 'a{x="1",code=~"5.."}', None),
        ('a{x="1"}', 'a{code="500",x="1"}', None),
        ("a", 'a{code="500"}', None),
        ('{__name__="a",x="1"}', 'a{x="1",code="500"}', None),
        ('a{x="1"}', 'a{x="2",code="500"}', ("x", "disjoint")),
        ('a{x="1"}', 'a{code="500"}', ("x", "wider")),
        ('a{x=~"1|2"}', 'a{x="2",code="500"}', None),
        ('a{x=~"1|2"}', 'a{x="3",code="500"}', ("x", "disjoint")),
        ('a{x!="1"}', 'a{x="1"}', ("x", "disjoint")),
        ('a{x!~"1.*"}', 'a{x="12"}', ("x", "disjoint")),
        ('a{x!="1"}', 'a{x="2"}', None),
        ('a{x=~"(1|(2))+[^3]"}', 'a{x="3"}', None),
        ('a{x="1"}', 'a{x=~"2|3"}', None),
        ('a{x!=""}', 'a{code="500"}', None),
        ('a{x=~".*"}', 'a{code="500"}', None),
        ('requests_total{x="1"}', 'errors_total{y="2"}', None),
        ('a{x="1",x!="2"}', 'a{code="500"}', None),
    ],
)
@table("role", ["good", "bad"])
def test_a_part_of_other_series_than_the_total_is_named(whole: str, part: str, named, role: str) -> None:
    found = remarks_on(Ratio.model_validate({"total": whole, role: part}))
    assert [(n.code, n.facts["label"], n.facts.get("reason", "wider")) for n in found] == (
        [("not_nested", *named)] if named else []
    )


@pytest.mark.parametrize("parts", [{"total": "a", "good": " a"}, {"good": "a{b='c'}", "bad": "a{b='c'}"}])
def test_parts_that_select_the_same_are_named(parts: dict[str, str]) -> None:
    assert codes(Ratio.model_validate(parts)) == ["parts_alike"]


@table(
    ("query", "selectors"),
    [
        (Ratio(total="a", bad='b{c="d"}'), {"total": "a", "bad": 'b{c="d"}'}),
        (total('sum(increase(a{b="c"}[$window] offset 1h)) * 2'), {"total": 'a{b="c"}', "bad": "failed"}),
        (
            total("increase(a{b='c offset d',e!~'x.+'}[5m])"),
            {"total": 'a{b="c offset d",e!~"x.+"}', "bad": "failed"},
        ),
        (total("sum(increase(a[$window])) + sum(increase(b[$window]))"), {"bad": "failed"}),
        (total("increase(sum(a)[$window:])"), {"bad": "failed"}),
        (RecordedRatio.model_validate({"ratio": {"error": "r", "weight": "w"}}), {"weight": "w"}),
        (RecordedRate.model_validate({"rate": {"good": "a", "bad": "b"}}), {}),
        (Gauge(gauge="a", good_when="> 0"), {}),
        (Histogram(histogram="h", under=1), {}),
        (TextSignal(query="a"), {}),
    ],
)
def test_the_counters_of_a_query(query: Query, selectors: dict[str, str]) -> None:
    assert counter_selectors(query) == selectors


_WORDS = r"""
sum ( ) rate increase x { } a="b" [5m] [5m:1m] by(a) + - * / and or 1 0x 1e999 NaN "s \\ @ offset -1w # {{ $ é [ ] : 5m
99999999999999999999y le="+Inf" ==bool on() group_left() start() ` $window >= unless avg_over_time
"""
WORDS = re.findall(r"\S+", _WORDS)


def test_any_text_is_read_or_not_and_never_raises() -> None:
    random_words = random.Random(20261128)
    for _ in range(5000):
        text = random_words.choice(["", " "]).join(random_words.choices(WORDS, k=random_words.randint(1, 14)))
        codes(total(text))
        counter_selectors(total(text))


def test_the_parser_is_imported_only_to_read_an_expression() -> None:
    program = (
        "import sys\n"
        "from data_sources.prometheus.source import PrometheusSource\n"
        "from data_sources.prometheus.reading import remarks_on\n"
        "from data_sources.queries import Gauge\n"
        "remarks_on(Gauge(gauge='a', good_when='> 0'))\n"
        "print('promql_parser' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@table(
    ("text", "codes_of_it"),
    [
        ("sum(rate(http_requests_total[5m]))", []),
        ("job:http_requests:rate5m", []),
        ("sum(rate(job:http_requests:sum[5m])) / 2", ["counts_recorded"]),
        ("increase(job:x:sum[5m])", ["counts_recorded"]),
        ("rate(sum(http_requests_total)[5m:])", ["sum_before_increase"]),
        ("no query at all (", []),
    ],
)
def test_what_is_counted_and_is_no_counter_is_named_in_any_query(text: str, codes_of_it: list[str]) -> None:
    assert [notice.code for notice in remarks_on_written(text)] == codes_of_it

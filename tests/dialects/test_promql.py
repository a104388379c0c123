"""Which counters the queries of a spec count."""

from __future__ import annotations

from tests.tables import table
from tomoni.dialects.grouping import is_grouped
from tomoni.dialects.promql import counted

TOTAL, GOOD = "sum(rate(a[$window]))", "sum(rate(g[$window]))"


@table(
    ("total", "bad", "good"),
    [
        (TOTAL, f"{TOTAL} - ({GOOD} or vector(0))", "g"),
        # With a minus that binds closer than what the total is made of, or something after the good ones.
        (f"{TOTAL} or vector(0)", f"{TOTAL} or vector(0) - ({GOOD} or vector(0))", None),
        (f"{TOTAL} + {TOTAL}", f"({TOTAL} + {TOTAL}) - ({GOOD} or vector(0))", "g"),
        (TOTAL, f"{TOTAL} - ({GOOD} or vector(0)) * 2", None),
        # Where the good ones have no series these have no value, or none are bad: that is not that all are.
        (TOTAL, f"{TOTAL} - {GOOD}", None),
        (TOTAL, f"{TOTAL} - {GOOD} or vector(0)", None),
        # The buckets of a histogram are there with it.
        (
            "sum(rate(h_seconds_count[$window]))",
            'sum(rate(h_seconds_count[$window])) - sum(rate(h_seconds_bucket{le="0.3"}[$window]))',
            'h_seconds_bucket{le="0.3"}',
        ),
    ],
)
def test_what_is_left_of_the_total_is_good_only_where_that_is_the_same(total: str, bad: str, good: str | None):
    assert counted({"total": total, "bad": bad}).keys.get("good") == good


def test_what_differs_is_told_of_the_query_that_was_given():
    total = "sum by (x) (increase(a[1h]))"
    found = counted({"total": total, "bad": f"({total}) - (sum by (x) (increase(g[1h])) or vector(0))"})
    assert {role for role, _, _ in found.differences} == {"total", "bad"}


@table(
    ("query", "several"),
    [
        ("sum(rate(a[5m])) by (x)", True),
        ("(clamp_max(sum without(x) (rate(a[5m])), 1))", True),
        ("sum(max by (pod) (rate(a[5m]))) + count(sum(b) by (x))", False),
        ("sum(rate(a[5m])) / (sum by (x) (b))", True),
        ('sum(rate(a{p="by (x)"}[5m]))', False),
        ("sum BY (x) (rate(a[5m]))", True),
        ("SUM(max Without (x) (a))", False),
    ],
)
def test_a_grouping_counts_unless_it_is_added_up_again(query: str, several: bool):
    assert is_grouped(query) is several

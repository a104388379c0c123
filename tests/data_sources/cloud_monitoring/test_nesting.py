"""A numerator of other series than its total is named by reading the filters."""

from __future__ import annotations

import pytest

from data_sources.cloud_monitoring.config import Distribution
from data_sources.cloud_monitoring.nesting import remarks_on
from data_sources.queries import Expression, Query, Ratio
from tests.tables import table

METRIC = 'metric.type="a/count" resource.type="r"'
ON_SHOP = f'{METRIC} resource.labels.service="shop"'


@table(
    ("total", "part", "named"),
    [
        (METRIC, f"{METRIC} metric.labels.code=500", None),
        (ON_SHOP, f"{ON_SHOP} metric.labels.code=500", None),
        (ON_SHOP, f"resource.label.service = 'shop' AND {METRIC} AND metric.labels.code=500", None),
        (ON_SHOP, f"{METRIC} metric.labels.code=500", "wider"),
        (ON_SHOP, f'{METRIC} resource.labels.service="desk" metric.labels.code=500', "disjoint"),
        (f'{METRIC} resource.labels.service=one_of("a","b")', f'{METRIC} resource.labels.service="a"', None),
        (f'{METRIC} resource.labels.service=one_of("a","b")', f'{METRIC} resource.labels.service="c"', "disjoint"),
        (f"{METRIC} metric.labels.code<500", f"{METRIC} metric.labels.code=503", "disjoint"),
        (f"{METRIC} metric.labels.code!=404", f"{METRIC} metric.labels.code=503", None),
        (f"{METRIC} metric.labels.code!=404", f"{METRIC} metric.labels.code>=500", None),
        (ON_SHOP, f'{METRIC} (resource.labels.service="a" OR resource.labels.service="shop")', None),
        (ON_SHOP, f'{METRIC} NOT resource.labels.service="b"', None),
        (ON_SHOP, 'metric.type="errors/count" metric.labels.code=500', None),
    ],
)
@table("role", ["good", "bad"])
def test_a_part_of_other_series_than_the_total_is_named(total: str, part: str, named: str | None, role: str) -> None:
    found = remarks_on(Ratio.model_validate({"total": total, role: part}))
    assert [notice.facts.get("reason", "wider") for notice in found] == ([named] if named else [])
    assert {notice.facts["role"] for notice in found} <= {role}


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        (Ratio(good=ON_SHOP, bad=f"resource.labels.service=shop {METRIC}"), ["parts_alike"]),
        (Ratio(good=ON_SHOP, bad=METRIC), []),
        (Ratio(total='metric.type="', bad=METRIC), []),
        (Ratio(total=Expression(expr="a"), bad=METRIC), []),
        (Ratio(total=METRIC), []),
        (Distribution(distribution=METRIC, under=1), []),
    ],
)
def test_parts_that_select_the_same_are_named_and_what_cannot_be_read_is_not(query: Query, codes: list[str]) -> None:
    assert [notice.code for notice in remarks_on(query)] == codes

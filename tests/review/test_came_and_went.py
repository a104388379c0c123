"""Which SLOs of an app are new within a week, and which are gone."""

from __future__ import annotations

import pytest

from tomoni.catalog.schema import DefinitionVersion
from tomoni.review.outlook import came_and_went
from tomoni.slo.model import DAY

NOW = 100 * DAY
OLD = NOW - 30 * DAY


def seen(moment: int, series: str) -> tuple[DefinitionVersion, ...]:
    return (DefinitionVersion(series, moment, {}, series, 300),)


KNOWN = {"shop/buy/old": seen(OLD, "a")}


@pytest.mark.parametrize(
    ("more", "current", "tried", "new", "gone"),
    [
        pytest.param({}, ["buy/old"], {}, [], [], id="nothing happened"),
        pytest.param({"shop/buy/b": seen(NOW - DAY, "b")}, ["buy/old", "buy/b"], {}, ["buy/b"], [], id="one is new"),
        pytest.param({"shop/buy/b": seen(NOW - 8 * DAY, "b")}, ["buy/old", "buy/b"], {}, [], [], id="new long ago"),
        pytest.param({"shop/buy/b": seen(NOW + DAY, "b")}, ["buy/old", "buy/b"], {}, [], [], id="new later"),
        pytest.param({"shop/buy/b": seen(OLD, "b")}, ["buy/old"], {"b": NOW - DAY}, [], ["buy/b"], id="one is gone"),
        pytest.param({"shop/buy/b": seen(OLD, "b")}, ["buy/old"], {"b": NOW - 9 * DAY}, [], [], id="gone long ago"),
        pytest.param({"shop/buy/b": seen(OLD, "b")}, ["buy/old"], {}, [], [], id="gone, and never requested"),
        pytest.param({"shop/pay/b": seen(NOW - DAY, "a")}, ["pay/b"], {"a": NOW}, [], [], id="only its path is new"),
        pytest.param({"shop/buy/b": seen(NOW - DAY, "a")}, ["buy/old", "buy/b"], {}, ["buy/b"], [], id="same series"),
    ],
)
def test_what_is_new_and_what_is_gone_of_an_app(
    more: dict[str, tuple[DefinitionVersion, ...]],
    current: list[str],
    tried: dict[str, int],
    new: list[str],
    gone: list[str],
) -> None:
    found = came_and_went(KNOWN | more, [f"shop/{path}" for path in current], tried, NOW)
    assert found == (frozenset(f"shop/{path}" for path in new), tuple(f"shop/{path}" for path in gone))


def test_nothing_is_new_of_an_app_that_was_not_known_a_week_ago() -> None:
    versions = {"shop/buy/a": seen(NOW - DAY, "a"), "shop/buy/b": seen(NOW, "b")}
    assert came_and_went(versions, versions, {}, NOW) == (frozenset(), ())

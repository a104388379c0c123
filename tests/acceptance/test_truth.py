"""What the command line says of a real Prometheus, against the true counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.acceptance import schema
from tests.acceptance.command import Ended, Place, PlaceWithin, rfc3339
from tests.prometheus_world import DAY, HOUR, MINUTE, MINUTES, OUTAGE, World
from tests.real_prometheus import RealPrometheus

pytestmark = [pytest.mark.prometheus]
STEP, WINDOW = 300, 28 * DAY


@pytest.fixture(scope="module")
def world(prometheus: RealPrometheus) -> World:
    return prometheus.world


@pytest.fixture(scope="module")
def said(shop: Place) -> Ended:
    ended = shop.status()
    assert (ended.code, ended.err) == (0, "")
    return ended


def true_counts(world: World, app: str, start: int, end: int) -> tuple[float, float]:
    """The true total and bad of an interval."""
    return world.counts(world.total[app], start, end, STEP).sum(), world.counts(world.bad[app], start, end, STEP).sum()


def assert_counts(slo: dict[str, Any], total: float, bad: float, relative: float = 2e-4) -> None:
    assert slo["total"] == pytest.approx(total, rel=relative)
    assert slo["bad"] == pytest.approx(bad, rel=relative)
    assert slo["good"] == pytest.approx(total - bad, rel=relative)
    assert slo["sli"] == slo["good"] / slo["total"]


def test_the_json_is_as_promised(said: Ended) -> None:
    schema.validate(said.body)


def test_it_is_in_the_order_of_the_files(said: Ended) -> None:
    names = [f"{slo['app']}/{slo['slo']}" for slo in said.body["slos"]]
    assert names[:3] == ["office/search", "office/search-of-a-day", "office/rare"]
    assert names[6:9] == ["shop/availability", "shop/from-good", "shop/expressions"]


@pytest.mark.parametrize("form", ["availability", "from-good", "expressions"])
def test_counters_are_counted_truly_in_every_form(said: Ended, world: World, form: str) -> None:
    slo = said.slo(form)
    assert slo["window"] == {"kind": "rolling", "start": rfc3339(world.end - WINDOW), "end": rfc3339(world.end)}
    assert (slo["objective"], slo["method"], slo["coverage"]) == (0.999, "occurrences", 1.0)
    assert_counts(slo, *true_counts(world, "checkout", world.end - WINDOW, world.end))


def test_the_budget_follows_from_the_counts(said: Ended) -> None:
    slo, perfect = said.slo("availability"), said.slo("perfect")
    budget = slo["budget"]
    assert budget["allowed_bad"] == pytest.approx(slo["total"] / 1000, rel=1e-12)
    assert budget["remaining"] == pytest.approx(1 - slo["bad"] / budget["allowed_bad"], rel=1e-9)
    assert budget["allowed_minutes"] == pytest.approx(40.32, rel=1e-12)
    assert budget["spent_minutes"] == pytest.approx(40.32 * slo["bad"] / budget["allowed_bad"], rel=1e-9)
    assert slo["state"] == "exhausted"
    assert (perfect["state"], perfect["budget"]["remaining"]) == ("exhausted", None)
    assert set(perfect["burn"].values()) == {None}


def test_a_histogram_counts_what_is_under_its_edge(said: Ended, world: World) -> None:
    total, _ = true_counts(world, "checkout", world.end - WINDOW, world.end)
    fast = world.counts(world.fast, world.end - WINDOW, world.end, STEP).sum()
    assert_counts(said.slo("latency"), total, total - fast)


def test_few_events_are_counted_truly_and_said_to_be_few(said: Ended, world: World) -> None:
    total, bad = true_counts(world, "backoffice", world.end - WINDOW, world.end)
    assert total < 10_000
    assert_counts(said.slo("rare"), total, bad, relative=2e-3)
    assert said.slo("rare")["too_few_events"] is True


def test_coverage_tells_an_outage_of_the_scrapes(said: Ended, world: World) -> None:
    day, month = said.slo("search-of-a-day"), said.slo("search")
    assert day["coverage"] == pytest.approx(22 / 24, rel=1e-12)
    assert month["coverage"] == pytest.approx(1 - 2 * HOUR / WINDOW, rel=1e-12)
    assert "partly_observed" in {notice["key"] for notice in day["notices"]}
    seen = np.r_[MINUTES - DAY // MINUTE : OUTAGE.start, OUTAGE.stop : MINUTES]
    assert_counts(day, world.total["search"][seen].sum(), world.bad["search"][seen].sum())


def test_silence_is_no_traffic_and_what_does_not_exist_is_no_data(said: Ended) -> None:
    silent, unknown = said.slo("silent"), said.slo("unknown")
    assert (silent["state"], silent["sli"], silent["total"], silent["coverage"]) == ("no_traffic", None, 0, 1)
    assert (unknown["state"], unknown["sli"], unknown["coverage"]) == ("no_data", None, 0)


def test_slices_are_counted_whole(said: Ended, world: World) -> None:
    total, bad = (
        world.counts(events["checkout"], world.end - WINDOW, world.end, STEP) for events in (world.total, world.bad)
    )
    slo = said.slo("slices")
    assert slo["method"] == "timeslices"
    assert (slo["total"], slo["bad"]) == (len(total), (bad / total > 0.01).sum())


def test_a_gauge_is_one_event_a_bucket(said: Ended, world: World) -> None:
    slo = said.slo("probe")
    assert slo["total"] == WINDOW // STEP
    # A failure of five minutes spoils the bucket that sees its first moment too, and no more.
    failing = (world.probe[-WINDOW // MINUTE :].reshape(-1, 5).min(axis=1) == 0).sum()
    assert failing <= slo["bad"] <= 2 * failing


def test_a_calendar_month_begins_in_the_apps_time_zone(said: Ended, world: World) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    now = datetime.fromtimestamp(world.end, tokyo)
    first = int(datetime(now.year, now.month, 1, tzinfo=tokyo).timestamp())
    slo = said.slo("month")
    assert slo["window"] == {"kind": "calendar", "start": rfc3339(first), "end": rfc3339(world.end)}
    if world.end > first:
        assert_counts(slo, *true_counts(world, "checkout", first, world.end))


def test_burn_rates_are_those_of_their_windows(said: Ended, world: World) -> None:
    burn = said.slo("availability")["burn"]
    for name, seconds in {"5m": 300, "1h": HOUR, "6h": 6 * HOUR, "3d": 3 * DAY}.items():
        total, bad = true_counts(world, "checkout", world.end - seconds, world.end)
        assert burn[name] == pytest.approx(bad / total / 0.001, rel=1e-2 if seconds <= HOUR else 4e-4)


def test_alerts_have_the_factors_of_their_window(said: Ended) -> None:
    factors = {name: [alert["factor"] for alert in said.slo(name)["alerts"]] for name in ("availability", "perfect")}
    assert factors["availability"] == pytest.approx([13.44, 5.6, 2.8, 14 / 15], rel=1e-12)
    assert factors["perfect"] == pytest.approx([3.36, 1.4, 0.7, 7 / 30], rel=1e-12)
    pairs = [(a["severity"], a["long"], a["short"]) for a in said.slo("availability")["alerts"]]
    assert pairs == [("page", "1h", "5m"), ("page", "6h", "30m"), ("ticket", "1d", "2h"), ("ticket", "3d", "6h")]


def test_an_earlier_moment_is_told_as_it_was(shop: Place, world: World) -> None:
    at = world.end - 3 * DAY - 120  # within a bucket: the window ends with the last whole one
    ended = shop.status("--at", rfc3339(at), "--app", "shop")
    schema.validate(ended.body)
    assert ended.body["as_of"] == rfc3339(at)
    assert {slo["app"] for slo in ended.body["slos"]} == {"shop"}
    end = at // STEP * STEP
    slo = ended.slo("availability")
    assert slo["window"]["end"] == rfc3339(end)
    assert_counts(slo, *true_counts(world, "checkout", end - WINDOW, end))


def test_the_newest_seconds_wait_for_the_lag_of_their_source(shop: Place, prometheus: RealPrometheus) -> None:
    folder = shop.folder / "late"
    late = PlaceWithin(folder, shop.environ).write(
        sources=f"sources: {{prometheus: {{kind: prometheus, url: '{prometheus.url}', lag_seconds: 400}}}}",
        app_shop=(shop.config / "apps" / "shop.yaml").read_text(),
    )
    assert late.status().slo("availability")["window"]["end"] == rfc3339(prometheus.world.end - 600)


def test_check_names_the_one_query_that_matches_nothing(shop: Place) -> None:
    ended = shop.run("check")
    line = (shop.config / "apps" / "office.yaml").read_text().splitlines().index("      - id: unknown") + 4
    assert ended.code == 1
    assert [said.split(": ")[0] for said in ended.lines] == [f"{shop.config}/apps/office.yaml:{line}"]
    assert "no metric “no_such_total”" in ended.err


def test_check_names_an_edge_that_does_not_exist_with_those_that_do(shop: Place, prometheus: RealPrometheus) -> None:
    text = (shop.config / "apps" / "shop.yaml").read_text().replace("under: 300ms", "under: 500ms")
    wrong = PlaceWithin(shop.folder / "wrong", shop.environ).write(
        sources=(shop.config / "sources.yaml").read_text(), app_shop=text
    )
    ended = wrong.run("check")
    line = next(number for number, written in enumerate(text.splitlines(), 1) if "500ms" in written)
    assert ended.code == 1
    (said,) = ended.lines
    assert f"shop.yaml:{line}: " in said
    assert all(edge in said for edge in ("0.1", "0.3", "1"))

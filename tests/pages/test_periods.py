"""Pages of named periods: a month, a week, a quarter or a day, in the zone of each app."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages.conftest import Open, html_of
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-10", "October 2026 (1 Oct, 00:00 – 1 Nov 2026, 00:00 JST)"),
        ("2026-W47", "Week 47 of 2026 (16 Nov, 00:00 – 23 Nov 2026, 00:00 JST)"),
        ("2026-11-22", "22 Nov 2026 (22 Nov, 00:00 – 23 Nov 2026, 00:00 JST)"),
        ("2026-Q4", "Q4 2026 (1 Oct, 00:00 – 24 Nov 2026, 09:55 JST)"),
    ],
)
def test_a_page_says_which_period_it_shows(open_page: Open, period: str, said: str) -> None:
    test = open_page("app_view", app="checkout", period=period)
    assert not test.exception
    assert said in html_of(test)
    assert ("is not over yet" in html_of(test)) == (period == "2026-Q4")
    assert test.segmented_control("days").value == period


def test_last_month_is_one_click_and_back_to_live_another(open_page: Open) -> None:
    test = open_page("app_view", app="checkout", days="14", lang="en")
    test.segmented_control("days").set_value("2026-10").run()
    assert not test.exception
    assert test.query_params["period"] == "2026-10"
    assert "days" not in test.query_params
    assert "as of 1 Nov, 00:00 JST" in html_of(test)
    assert "freeze" not in {button.key for button in test.button}
    test.button("live").click().run()
    assert "period" not in test.query_params


def test_a_moment_long_past_is_written_with_its_year(open_page: Open) -> None:
    assert "as of 1 Feb 2020, 00:00 JST" in html_of(open_page("overview", period="2020-01"))
    assert "as of 23 Nov, 00:00 JST" in html_of(open_page("overview", period="2026-W47"))


@pytest.mark.parametrize("page", ["overview", "app_view", "snapshots"])
def test_a_name_that_depends_on_the_moment_becomes_one_that_lasts(open_page: Open, page: str) -> None:
    test = open_page(page, period="last-month")
    assert not test.exception
    assert test.query_params["period"] == "2026-10"


def test_other_periods_are_chosen_by_buttons_or_written(open_page: Open) -> None:
    test = open_page("overview")
    test.button("period-last-week").click().run()
    assert test.query_params["period"] == "2026-W47"
    test.text_input("period-name").set_value("2026-q3").run()
    assert test.query_params["period"] == "2026-Q3"
    test.text_input("period-name").set_value("Q3").run()
    assert not test.exception
    assert "“period=Q3” in the address is not a value that this page knows" in html_of(test)


def test_a_period_under_way_can_be_frozen(open_page: Open) -> None:
    test = open_page("app_view", app="checkout", period="2026-11", at="2026-11-10T00:00Z")
    assert "November 2026 (1 Nov, 00:00 – 10 Nov 2026, 09:00 JST)" in html_of(test)
    assert "frozen" in html_of(test)
    test = open_page("app_view", app="checkout", period="2026-11")
    test.button("freeze").click().run()
    assert (test.query_params["at"], test.query_params["period"]) == ("2026-11-24T00:55Z", "2026-11")


def test_the_overview_shows_the_period_of_each_app_in_its_zone(open_page: Open, world: Path) -> None:
    file = world / "config" / "apps" / "checkout.yaml"
    file.write_text(file.read_text().replace("timezone: Asia/Tokyo", "timezone: America/New_York"))
    test = open_page("overview", period="2026-W47")
    assert not test.exception
    assert "America/New_York and Asia/Tokyo" in html_of(test)
    assert len(test.dataframe[0].value) == 13


def test_a_period_before_all_data_says_so_and_how_it_is_fetched(open_page: Open) -> None:
    for page in ("overview", "app_view"):
        test = open_page(page, period="2024-03")
        assert not test.exception
        assert "sync --period 2024-03" in html_of(test)


def test_a_day_that_has_not_begun_everywhere_leaves_out_the_others(open_page: Open, world: Path) -> None:
    file = world / "config" / "apps" / "checkout.yaml"
    file.write_text(file.read_text().replace("timezone: Asia/Tokyo", "timezone: America/New_York"))
    shown = open_page("overview", period="2026-11-24")
    assert not shown.exception
    assert "2026-11-24 has not begun yet in the time zone of “Checkout”." in html_of(shown)
    assert set(shown.dataframe[0].value["app"]) & {"Checkout"} == set()


def test_a_snapshot_of_a_page_of_a_period_carries_its_name(open_page: Open, tomoni: Tomoni) -> None:
    test = open_page("app_view", app="checkout", period="2026-10")
    test.button("snapshot-now").click().run()
    assert not test.exception
    (saved,) = tomoni.snapshots.listed()
    assert saved.period is not None
    assert saved.period.name == "2026-10"
    listed = open_page("snapshots", lang="ja")
    assert "購入手続き、2026年10月</a>" in html_of(listed)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_period_is_presented_and_keeps_its_language(open_page: Open, language: str) -> None:
    test = open_page("app_view", app="checkout", period="2026-10", present="1", lang=language)
    assert not test.exception
    assert {"en": "October 2026", "ja": "2026年10月"}[language] in html_of(test)


def test_data_that_has_not_arrived_at_the_end_is_said(
    open_page: Open, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A minute after midnight in Tokyo: the lag holds back the last buckets of the day.
    file = world / "config" / "sources.yaml"
    file.write_text(file.read_text().replace("kind: demo", "kind: demo\n    lag_seconds: 600"))
    monkeypatch.setenv("TOMONI_NOW", "2026-11-23T15:01:00Z")
    test = open_page("app_view", app="checkout", period="2026-11-23")
    assert not test.exception
    assert "23 Nov 2026 is not complete yet" in html_of(test)


def test_a_range_of_dates_is_shown_from_its_first_to_its_last_day_and_may_be_frozen(open_page: Open) -> None:
    test = open_page("app_view", app="checkout", range="2026-11-03--2026-11-09")
    assert not test.exception
    assert "3 Nov, 00:00 – 10 Nov 2026, 00:00 JST" in html_of(test)
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    assert figure["layout"]["xaxis"]["range"] == ["2026-11-03T00:00", "2026-11-10T00:00"]
    test.button("snapshot-now").click().run()
    assert not test.exception
    overview = open_page("overview", range="2026-11-03--2026-11-09")
    assert not overview.exception
    assert "3 Nov 2026 – 9 Nov 2026" in html_of(overview)

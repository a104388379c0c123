"""What burned, what moved, what was agreed: beside the joint figure."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of

pytestmark = pytest.mark.slow

LARGEST = "2026-11-19T05:05Z"  # episode C of the demo's orders


def panel(test: AppTest, title: str) -> str:
    """The HTML from a panel's title on."""
    shown = html_of(test)
    return shown[shown.index(title) :]


def numbers(cell: str) -> float:
    return float(cell.replace(",", "").rstrip("%×"))


def rows_of(test: AppTest) -> list[list[str]]:
    table = re.search(r"<table class='tm-facts tm-burned'>.*?<tbody>(.*?)</tbody>", html_of(test))
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table.group(1))
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_what_burned_is_listed_largest_first_and_adds_up(open_page: Open):
    test = open_page("app_view", app="checkout")
    rows = rows_of(test)
    assert [row[0] for row in rows] == ["C", "B", "A", ""]
    assert rows[0][1] == "19 Nov, 14:05–15:10"
    assert rows[-1][1] == "background"
    total = re.search(r"Adds up to all ([\d,]+) bad events: (\d+)% of the budget", html_of(test))
    assert total
    assert sum(numbers(row[2]) for row in rows) == pytest.approx(numbers(total.group(1)), abs=2)
    assert sum(numbers(row[3]) for row in rows) == pytest.approx(float(total.group(2)), abs=2)


def test_smaller_episodes_are_summed_up(open_page: Open):
    rows = rows_of(open_page("app_view", app="order-mail"))
    assert rows[-2][1] == "3 smaller episodes"
    assert len(rows) == 10


def test_choosing_an_episode_is_in_the_url_and_zooms_every_row(open_page: Open):
    test = open_page("app_view", app="checkout")
    test.button_group("episode-choice").set_value(LARGEST).run()
    assert test.query_params["episode"] == LARGEST
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    assert figure["layout"]["xaxis"]["range"] == ["2026-11-19T12:05", "2026-11-19T17:10"]
    assert "Episode C, 19 Nov, 14:05–15:10" in html_of(test)


def test_whole_period_goes_back(open_page: Open):
    test = open_page("app_view", app="checkout", episode=LARGEST)
    test.button("whole-period").click().run()
    assert "episode" not in test.query_params
    assert "What moved with" not in html_of(test)


def test_what_moved_is_told_without_a_cause(open_page: Open):
    shown = panel(open_page("app_view", app="checkout", episode=LARGEST), "What moved with C")
    for words in (">Database connections in use</a></b>", "MAD", "5 min before", "not necessarily the cause"):
        assert words in shown


def test_what_moved_with_the_largest_episode_is_told_in_a_sentence_until_one_is_chosen(open_page: Open):
    whole, chosen = (html_of(open_page("app_view", app="checkout", episode=each)) for each in ("", LARGEST))
    said = re.search(r"Moved together with C, not necessarily its cause: ([^<]*)\.", whole)
    assert said
    assert "Database connections in use" in said[1]
    assert "Moved together with C, not" not in chosen


@pytest.mark.parametrize("episode", ["2026-11-01T00:00Z", "nothing", "2020-01-01T00:00Z"])
def test_an_episode_that_does_not_exist_shows_the_whole_period(open_page: Open, episode: str):
    test = open_page("app_view", app="checkout", episode=episode)
    assert not test.exception
    assert "What moved with" not in html_of(test)


def test_an_episode_before_the_period_cannot_be_chosen(open_page: Open):
    test = open_page("app_view", app="checkout", days="7")
    assert [row[0] for row in rows_of(test)] == ["C", "B", "A", ""]
    assert test.button_group("episode-choice").options == ["C"]


def test_another_journey_begins_with_its_whole_period(open_page: Open):
    test = open_page("app_view", app="checkout", episode=LARGEST, present="1")
    test.button("present-right").click().run()
    assert "episode" not in test.query_params


def test_what_cannot_be_judged_is_not_called_quiet(open_page: Open):
    shown = html_of(open_page("app_view", app="back-office", journey="import-stocktake"))
    assert shown.count("This cannot be judged: there are no valid events in this window.") == 2
    assert "not one bad event" not in shown
    assert "No alert is firing." not in shown


def test_the_policy_says_level_since_when_and_what_was_agreed(open_page: Open):
    shown = panel(open_page("app_view", app="checkout"), "Policy")
    for words in ("With care", "below 25%, since 19 Nov", "Release in small steps", "Agreed on 1 Apr 2026", "Next:"):
        assert words in shown


def test_without_a_policy_there_is_no_panel(open_page: Open, world: Path):
    (world / "config/policies.yaml").unlink()
    assert "<h2 class='tm-h2'>Policy" not in html_of(open_page("app_view", app="checkout"))


def test_alerts_that_fire_and_that_fired_are_told(open_page: Open):
    calm = panel(open_page("app_view", app="checkout"), "Burn alerts")
    assert "No alert is firing." in calm
    assert "and 2 more" in calm
    assert "■ Firing now" in html_of(open_page("app_view", app="order-mail", journey="receive-shipping-notice"))


def test_exclusions_are_listed_with_their_reason_and_those_to_come(open_page: Open):
    shown = panel(open_page("app_view", app="checkout"), "Exclusions</span>")
    assert "8 Nov 2026, 03:00–04:00 JST" in shown
    assert "13 Dec 2026, 03:00–04:00 JST <span class='tm-tag'>planned</span>" in shown
    assert "Agreed maintenance of the payment gateway" in shown


def test_a_card_says_when_the_budget_runs_out_and_of_a_month_what_comes(open_page: Open):
    assert "at this pace lasts until 26 Nov" in html_of(
        open_page("app_view", app="order-mail", journey="receive-shipping-notice")
    )
    assert "whole period: 83%" in html_of(open_page("app_view", app="checkout", journey="use-cart"))
    assert "at this pace lasts for 28 d and more" in html_of(open_page("app_view", app="checkout", journey="pay"))


def test_the_explanation_has_other_methods_and_why_they_differ(open_page: Open):
    shown = panel(open_page("app_view", app="checkout"), "Counted differently")
    assert "every bucket counts equally (mean of ratios)" in shown
    assert "Quiet times weigh as much as busy ones." in shown


def test_the_journey_is_told_as_a_whole(open_page: Open):
    assert "1 healthy, 1 exhausted" in html_of(open_page("app_view", app="order-mail"))


def test_the_overview_tells_the_next_review_the_policy_and_no_sign_of_nothing(open_page: Open):
    table = open_page("overview").dataframe[0].value
    first = table.iloc[0]
    assert first["policy"] == "Reliability first"
    assert str(first["review"])[:10] == "2026-11-25"
    silent = table[table["state"] == "○ No traffic"].iloc[0]
    assert silent[["left", "change", "budget"]].isna().all()


def test_titles_and_reasons_of_others_stay_text(open_page: Open, world: Path):
    file = world / "config/exclusions/checkout.yaml"
    file.write_text(file.read_text().replace("Agreed maintenance", "<img src=x onerror=alert(1)>"))
    policies = world / "config/policies.yaml"
    policies.write_text(policies.read_text().replace("With care", "<script>x</script>"))
    shown = html_of(open_page("app_view", app="checkout"))
    assert "<img" not in shown
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown

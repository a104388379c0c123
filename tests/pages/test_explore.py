"""The page Explore: what is asked beside an SLO, the ways in, and views that teams keep."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from data_sources.exploring import Metric, MetricType
from tests.pages.conftest import JOB_WAIT, Open, html_of
from tomoni.meetings.model import Incident, SavedView
from tomoni.ui.explore.saved import address_of, view_of
from tomoni.ui.url_state import View
from tomoni.use_cases.background import BackgroundRefresh
from tomoni.use_cases.finding import Finding
from tomoni.use_cases.jobs import Job
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow

ASKED = {"app": "checkout", "source": "demo", "metric": "checkout-db-connections", "days": "7", "lang": "en"}


def curves(test: AppTest) -> list[str]:
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    return [trace.get("name", "") for trace in figure["data"]]


def test_a_metric_lies_beside_the_slo_with_the_week_before_its_numbers_and_incidents(open_page: Open, tomoni: Tomoni):
    start = int(datetime(2026, 11, 20, 3, tzinfo=UTC).timestamp())
    tomoni.meetings.records.add(Incident(app="checkout", title="Orders were slow", start=start, end=start + 7200))
    test = open_page("explore", **ASKED, beside="week")
    assert not test.exception
    shown = html_of(test)
    assert "checkout-db-connections of “demo”, beside “Orders that go through”" in shown
    names = curves(test)
    assert names[0] == "one week earlier"
    assert "checkout-db-connections" in names
    assert any(name.startswith("Success") for name in names)
    assert "Mean earlier" in shown
    assert "Ready questions" in shown
    layout = json.loads(test.get("plotly_chart")[0].proto.spec)["layout"]
    assert [each["type"] for each in layout["shapes"] if each["line"].get("dash") == "dot"] == ["rect"]
    assert any("Orders were slow" in each.get("hovertext", "") for each in layout["annotations"])


def test_choices_become_the_query_that_they_are_and_the_way_back_leads_to_them(open_page: Open):
    test = open_page("explore", **ASKED | {"lang": "ja"})
    assert "データベースへの接続数。" in html_of(test), "the demo speaks the reader's language"
    test.button(key="write-open").click().run()
    assert test.query_params["query"] == "checkout-db-connections"
    test.button(key="write-close").click().run()
    assert "query" not in test.query_params
    assert not test.exception


def test_metrics_are_browsed_by_how_their_names_begin_and_the_beginning_stays_in_the_address(open_page: Open):
    test = open_page("explore", app="checkout", browse="checkout-", lang="en")
    assert not test.exception
    assert test.selectbox(key="browse-first").value == "checkout-"
    test.selectbox(key="browse-first").set_value("cart-").run()
    assert test.query_params["browse"] == "cart-"
    test.selectbox(key="browse-first").set_value("").run()
    assert "browse" not in test.query_params
    assert not test.exception


def test_a_page_on_which_nothing_is_asked_is_not_empty(open_page: Open):
    shown = html_of(open_page("explore", app="checkout", zoom="2026-01-01T00:00Z--2026-01-02T00:00Z"))
    assert "Which signals moved on 19 Nov, 14:05–15:10" in shown
    assert "Database connections in use" in shown
    assert "is outside of the period that is shown" in shown


def test_an_episode_leads_to_its_signals_with_everything_filled_in(open_page: Open):
    shown = html_of(open_page("app_view", app="checkout", episode="2026-11-19T05:05Z", lang="en"))
    links = [part.split("'")[0].replace("&amp;", "&") for part in shown.split("href='./explore")[1:]]
    asked = [parse_qs(urlsplit(link).query) for link in links]
    assert any(each.get("metric") == ["checkout-db-connections"] and "zoom" in each for each in asked)
    assert all(each["app"] == ["checkout"] for each in asked)


def test_a_saved_view_is_kept_for_the_team_and_listed_at_the_app(open_page: Open, tomoni: Tomoni):
    view = View(app="checkout", source="demo", metric="checkout-db-cpu", log=True, zoom=(1, 2), at=3, lang="ja")
    kept = SavedView(app="checkout", title="CPU <b>", address=address_of(view), team="payments")
    tomoni.meetings.records.add(kept)
    here = View(days=14, lang="en", at=7)
    assert view_of(kept, here) == View(
        app="checkout", source="demo", metric="checkout-db-cpu", log=True, days=14, lang="en", at=7
    )
    shown = html_of(open_page("app_view", app="checkout"))
    assert "CPU &lt;b&gt;" in shown
    assert "metric=checkout-db-cpu" in shown


def test_a_view_is_saved_as_a_row_of_the_joint_view_and_taken_out_of_it_again(
    open_page: Open, tomoni: Tomoni, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(BackgroundRefresh, "start_soon", lambda self: None)
    test = open_page("explore", app="checkout", source="demo", metric="checkout-db-cpu", lang="en")
    test.text_input("saved-view-title").input("Ours")
    test.checkbox("saved-view-row").check()
    test.button("saved-view-save").click().run()
    assert not test.exception
    (kept,) = tomoni.meetings.records.listed(SavedView, "checkout")
    assert (kept.value.source, kept.value.query, kept.value.row) == ("demo", '"checkout-db-cpu"', True)
    row = f"view-{kept.id[:12]}"
    test = open_page("app_view", app="checkout", lanes=f"success,{row}", lang="en")
    assert not test.exception
    assert test.multiselect("lanes-en").value == ["success", row]
    assert "in the figure" in html_of(test)
    test.toggle(f"saved-view-{kept.id}-row").set_value(False).run()
    assert not test.exception
    assert f"nothing called “{row}”" in html_of(test) or row not in test.multiselect("lanes-en").options
    assert not tomoni.meetings.records.read(SavedView, kept.id).value.row


def test_a_metric_and_a_part_of_the_page_that_are_not_there_are_named(open_page: Open):
    shown = html_of(open_page("explore", **ASKED | {"metric": "checkout-db-connectons"}))
    assert "The source has no metric “checkout-db-connectons”." in shown
    assert "Similar: checkout-db-connections" in shown


def test_a_way_to_put_it_together_that_a_metric_does_not_have_is_told_and_the_usual_one_shown(open_page: Open):
    test = open_page("explore", **ASKED, how="percentiles")
    assert not test.exception
    assert "needs sizes, which this metric does not have" in html_of(test)
    assert "checkout-db-connections" in curves(test)


def test_while_a_source_is_asked_what_a_metric_is_nothing_is_guessed_and_cancelling_shows_it(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
):
    key, answers = "what it is", threading.Event()

    def named(finding: Finding, *_: object) -> Metric | None:
        job = finding._jobs.start(key, lambda _: answers.wait(60))
        return Metric(ASKED["metric"], MetricType.GAUGE) if job.ended else None

    monkeypatch.setattr(Job, "wait", JOB_WAIT)
    monkeypatch.setattr(Finding, "named", named)
    monkeypatch.setattr(Finding, "describing", lambda *_: key)
    test = open_page("explore", **ASKED)
    assert not test.exception
    assert "Asking the source…" in html_of(test)
    assert not test.get("plotly_chart")
    test.button(key="cancel-lines").click().run()
    answers.set()
    assert not test.exception
    assert "checkout-db-connections" in curves(test)


def test_the_workshop_tries_beside_what_is_agreed_and_keeps_a_snapshot_that_the_review_lists(
    open_page: Open, tomoni: Tomoni
):
    test = open_page("explore", app="checkout", slo="latency", tab="workshop", tries="99.5-28d,95-7d", lang="en")
    assert not test.exception
    shown = html_of(test)
    assert "as agreed: 99% over 28 d, events" in shown
    assert "95% over 7 d, events" in shown
    test.button("workshop-snapshot").click().run()
    (kept,) = [each for each in tomoni.snapshots.listed("checkout") if each.workshop]
    assert kept.workshop == "place-order/latency"
    held = tomoni.snapshots.read(kept.hash).beside.workshop
    assert held is not None
    assert [each.agreed for each in held.tried] == [True, False, False]
    assert yaml.safe_load(held.yaml[0]) == [{"id": "latency", "objective": 99.5, "window": "28d"}]


def test_the_workshop_tries_an_sli_that_no_file_has(open_page: Open):
    test = open_page("explore", app="checkout", tab="workshop", sli="{source: demo, counts: cart-availability}")
    assert not test.exception
    assert "Workshop – an SLI that is not agreed yet" in html_of(test)
    code = next(each.value for each in test.code if "cart-availability" in each.value)
    (written,) = yaml.safe_load(code)
    assert written["sli"] == {"source": "demo", "counts": "cart-availability"}
    test.text_area("drafted-sli").input("{source: demo}").run()
    assert not test.exception
    assert "This is no SLI" in html_of(test)


def test_an_interval_is_marked_by_two_fields_and_the_mark_is_taken_away(open_page: Open):
    test = open_page("explore", app="checkout", slo="availability", tab="different", lang="en")
    assert "Nothing is marked" in html_of(test)
    test.datetime_input("mark-from").set_value(datetime.fromisoformat("2026-11-19T13:00")).run()
    assert not test.exception
    assert test.query_params["mark"] == "2026-11-19T04:00Z--2026-11-19T06:10Z"
    test.datetime_input("mark-to").set_value(datetime.fromisoformat("2026-11-19T12:00")).run()
    assert test.query_params["mark"] == "2026-11-19T04:00Z--2026-11-19T06:10Z"
    test.button("unmark").click().run()
    assert "mark" not in test.query_params


def test_without_any_app_the_start_proposes_slis_and_leads_to_the_workshop(open_page: Open, world: Path):
    for file in ("apps", "risks", "exclusions", "agendas"):
        shutil.rmtree(world / "config" / file)
    test = open_page("overview", lang="en")
    assert not test.exception
    test = open_page("explore", tab="workshop", sli="{source: demo, counts: cart-availability}", tries="99.9-28d")
    assert not test.exception
    assert "What would an objective have meant for this SLI?" in html_of(test)
    assert "99.9% over 28 d, events" in html_of(test)

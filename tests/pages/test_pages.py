"""Every page draws, in every language, whatever the URL says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import MappingProxyType

import pytest

from data_sources.errors import TimedOut
from tests.pages.conftest import Open, html_of
from tomoni.catalog.for_reviews import EventFeed
from tomoni.ledger.ledger import Ledger
from tomoni.review.model import SourceProblem
from tomoni.store.errors import StoreError
from tomoni.ui import context
from tomoni.use_cases.background import Progress
from tomoni.use_cases.event_feeds import FailingFeed
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.refreshing import SourceRefresh
from tomoni.words import headlines, states, terms
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

PAGES = ("overview", "app_view", "review", "actions", "snapshots", "postmortems", "catalog", "guide", "explore")
HEADLINES = MappingProxyType(
    {
        ("overview", "en"): "SLOs of 4 apps",
        ("overview", "ja"): "アプリ4件",
        ("app_view", "en"): "objective",
        ("app_view", "ja"): "目標",
        ("explore", "en"): "metric",
        ("explore", "ja"): "指標",
        ("review", "en"): "due",
        ("review", "ja"): "予定",
        ("actions", "en"): "No action is open.",
        ("actions", "ja"): "未完了のアクションはありません。",
        ("snapshots", "en"): "no snapshots yet",
        ("snapshots", "ja"): "スナップショットはまだありません",
        ("postmortems", "en"): "postmortem",
        ("postmortems", "ja"): "ポストモーテム",
        ("catalog", "en"): "are configured",
        ("catalog", "ja"): "件",
        ("guide", "en"): "How to read Tomoni",
        ("guide", "ja"): "読み方",
    }
)


def headline_of(shown: str) -> str:
    found = re.search(r"<h1 class='tm-headline[^>]*>(.*?)</h1>", shown)
    return found.group(1) if found else ""


@pytest.mark.parametrize(("page", "language"), HEADLINES)
def test_every_page_opens_with_a_sentence_in_the_readers_language(open_page: Open, page: str, language: str):
    test = open_page(page, lang=language)
    assert not test.exception
    assert HEADLINES[page, language] in headline_of(html_of(test))


@pytest.mark.parametrize("page", PAGES)
def test_the_language_is_the_browsers_where_the_url_names_none(open_page: Open, page: str):
    assert HEADLINES[page, "ja"] in headline_of(html_of(open_page(page, locale="ja-JP")))
    assert HEADLINES[page, "en"] in headline_of(html_of(open_page(page, locale="fr-FR")))


@pytest.mark.parametrize("page", PAGES)
def test_values_of_the_url_that_mean_nothing_fall_back(open_page: Open, page: str):
    plain = headline_of(html_of(open_page(page)))
    bad = open_page(
        page,
        app="nothing",
        journey="<b>",
        slo="'--",
        at="yesterday",
        days="0",
        lanes=",,",
        lang="xx",
        state="?",
        present="9",
    )
    assert not bad.exception
    assert headline_of(html_of(bad)) == plain


def test_a_moment_to_come_is_not_shown(open_page: Open):
    assert "frozen" not in html_of(open_page("overview", at="2030-01-01T00:00Z"))


def test_a_frozen_page_shows_the_numbers_of_its_moment(open_page: Open):
    shown = html_of(open_page("overview", at="2026-11-10T00:00Z"))
    assert "as of 10 Nov, 09:00 JST" in shown
    assert "frozen" in shown
    assert headline_of(shown) != headline_of(html_of(open_page("overview")))


def test_the_overview_is_one_table_with_the_worst_first(open_page: Open):
    table = open_page("overview").dataframe[0].value
    assert len(table) == 13
    assert table["state"].iloc[0] == "■ Exhausted"
    assert table["state"].iloc[-1] == "● Healthy"


@pytest.mark.parametrize(
    ("name", "value", "rows"), [("state", "exhausted", 1), ("team", "payments", 4), ("find", "購入 カート", 1)]
)
def test_the_overview_can_be_narrowed_by_the_url(open_page: Open, name: str, value: str, rows: int):
    assert len(open_page("overview", **{name: value}).dataframe[0].value) == rows


def test_filters_that_leave_nothing_say_so(open_page: Open):
    assert "Nothing matches these filters." in html_of(open_page("overview", find="no such thing"))


def test_choosing_a_filter_writes_it_into_the_url(open_page: Open):
    test = open_page("overview", lang="ja")
    test.selectbox("team").select("payments").run()
    assert test.query_params["team"] == "payments"
    assert test.query_params["lang"] == "ja"


def test_the_joint_figure_shows_the_app_and_what_carries_it(open_page: Open):
    test = open_page("app_view", app="checkout", journey="place-order")
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    shown = " ".join(a["text"] for a in figure["layout"]["annotations"])
    for name in ("Success", "Budget left", "Traffic", "Load balancer", "objective 99.9%"):
        assert name in shown


def test_rows_of_the_figure_are_chosen_by_the_url_in_its_order(open_page: Open):
    test = open_page("app_view", app="checkout", lanes="cpu,success,nothing")
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    assert len({trace["yaxis"] for trace in figure["data"]}) == 2
    assert test.multiselect("lanes-en").value == ["cpu", "success"]


def test_a_row_can_be_moved(open_page: Open):
    test = open_page("app_view", app="checkout", lanes="success,budget,cpu")
    test.selectbox("lane-moved-en").select("cpu").run()
    test.button("lane--1").click().run()
    assert test.query_params["lanes"] == "success,cpu,budget"


def test_choosing_another_app_leaves_what_belonged_to_the_last(open_page: Open):
    test = open_page("app_view", app="checkout", journey="use-cart", lanes="cpu", days="14")
    test.selectbox("app-en").select("order-mail").run()
    assert not test.exception
    assert test.query_params["app"] == "order-mail"
    assert "journey" not in test.query_params
    assert test.query_params["days"] == "14"


def test_freezing_holds_the_moment_and_live_lets_go(open_page: Open):
    test = open_page("app_view", app="checkout")
    test.button("freeze").click().run()
    assert test.query_params["at"] == "2026-11-24T00:55Z"
    test.button("live").click().run()
    assert "at" not in test.query_params


def test_present_mode_is_in_the_url_and_offers_its_keys(open_page: Open):
    test = open_page("app_view", app="checkout", present="1")
    test.button("present-right").click().run()
    assert test.query_params["journey"] == "use-cart"
    test.button("present-end").click().run()
    assert "present" not in test.query_params


def test_every_number_of_a_card_explains_itself(open_page: Open):
    test = open_page("app_view", app="checkout", journey="place-order")
    shown = html_of(test)
    for words in ("valid events", "Coverage", "Window", "occurrences", "Exclusions", "JST"):
        assert words in shown
    assert "```\ncheckout-availability\n```" in "\n".join(each.value for each in test.markdown)


def test_the_catalog_names_gaps_and_owners(open_page: Open):
    shown = html_of(open_page("catalog"))
    assert "has no latency SLO" in shown
    assert "app team: payments" in shown


def test_the_catalog_names_problems_with_file_line_and_hint(open_page: Open, world: Path):
    (world / "config/apps/broken.yaml").write_text("app: broken\njourneys:\n  - id: a\n    slos: 7\n")
    shown = html_of(open_page("catalog"))
    assert re.search(r"broken\.yaml:4</code>", shown)


def test_a_source_that_fails_is_named_once_on_every_page_and_on_what_it_feeds(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
):
    known = Ledger.states

    def failing(self, keys):
        error = {"error_code": TimedOut.code, "failing_since": 1_795_478_400, "facts": {"seconds": 30}}
        return {key: type(state)(**{**fields(state), **error}) for key, state in known(self, keys).items()}

    def fields(state):
        return {name: getattr(state, name) for name in type(state).__slots__}

    monkeypatch.setattr(Ledger, "states", failing)
    for page in PAGES:
        shown = html_of(open_page(page))
        assert "1 thing needs attention: source “demo”" in shown
        assert "href='./catalog#source-demo'" in shown
        assert shown.count("the data stored up to then is shown") == (page != "catalog")
    assert "id='source-demo'" in html_of(open_page("catalog"))
    assert "last data:" in html_of(open_page("app_view"))
    monkeypatch.setattr(Ledger, "states", known)
    context.tomoni()._live.redraw()
    assert "needs attention" not in html_of(open_page("overview"))


def test_events_that_do_not_come_are_said_where_they_would_be(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    problem = SourceProblem("demo", TimedOut.code, "", {"seconds": 30}, 1_795_478_400, 1_795_478_400, 1_795_478_000)
    failing = FailingFeed("checkout", EventFeed("demo", "deploy", file="deploys.csv"), problem)
    monkeypatch.setattr(Tomoni, "failing_feeds", lambda _, app=None: (failing,) if app in (None, "checkout") else ())
    for page in ("app_view", "catalog"):
        shown = html_of(open_page(page, app="checkout"))
        assert "1 thing needs attention: events of “Checkout”" in shown
        assert "href='./catalog#app-checkout'" in shown
        assert "Events from “demo”: " in shown


@pytest.mark.parametrize("page", ["overview", "app_view", "catalog"])
def test_without_apps_the_page_says_what_to_do(open_page: Open, world: Path, page: str):
    for file in (world / "config/apps").glob("[a-z]*.yaml"):
        file.unlink()
    assert "config/apps/_example.yaml" in html_of(open_page(page))


@pytest.mark.parametrize("page", ["overview", "app_view"])
def test_the_first_start_tells_what_is_being_fetched(
    open_page: Open, world: Path, page: str, monkeypatch: pytest.MonkeyPatch
):
    (world / "demo.db").unlink()
    monkeypatch.setattr(Tomoni, "refreshing", Progress(12, 40, "demo"))
    test = open_page(page)
    assert "Fetching the history for the first time" in html_of(test)
    assert "12 of 40 series" in test.get("progress")[0].proto.text


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-GB", "prometheus: no answer since 17 Nov, 19:00 JST"),
        ("ja-JP", "prometheus: 11月17日 19:00 JST以降応答なし"),
    ],
)
def test_a_live_page_says_since_when_a_source_does_not_answer(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, locale: str, said: str
):
    states = {"prometheus": SourceRefresh(failing_since=1_794_909_600), "demo": SourceRefresh(completed=1_794_909_600)}
    monkeypatch.setattr(Tomoni, "refreshes", states)
    shown = html_of(open_page("overview", locale))
    assert said in shown
    assert "demo:" not in shown
    assert said not in html_of(open_page("overview", locale, at="2026-11-17T10:00Z"))


def test_what_goes_wrong_on_a_page_is_a_sentence_and_no_traceback(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, failures: list[str]
):
    def broken(*_):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(headlines, "overview", broken)
    test = open_page("overview")
    assert "This page could not be drawn." in html_of(test)
    assert "secret of the inside" not in str(test)
    assert not test.exception
    assert ["secret of the inside" in each for each in failures] == [True]  # whoever runs it gets the cause
    failures.clear()


def test_a_data_base_that_cannot_be_opened_is_a_sentence(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, failures: list[str]
):
    def closed(*_):
        raise StoreError("database_failed", "password=hunter2")

    monkeypatch.setattr(context, "open_tomoni", closed)
    test = open_page("overview")
    assert "The database refused the operation." in html_of(test)
    assert "hunter2" not in str(test)
    assert ["database_failed" in each for each in failures] == [True]
    failures.clear()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_visitor_sees_no_address_of_a_database_that_cannot_be_opened(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, failures: list[str], lang: str
):
    address = "postgresql://ledger_login:***@db.internal:5432/tomoni"

    def closed(*_):
        raise StoreError("database_unreachable", "connection to db.internal refused", {"database": address})

    monkeypatch.setattr(context, "open_tomoni", closed)
    test = open_page("overview", lang=lang)
    shown = html_of(test)
    assert ("The database cannot be opened at the moment" in shown) == (lang == "en")
    assert not any(part in str(test) + shown for part in ("db.internal", "5432", "ledger_login"))
    assert [address in each for each in failures] == [True]
    failures.clear()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_contents_of_the_guide_lead_to_each_of_its_parts(open_page: Open, language: str):
    shown = html_of(open_page("guide", lang=language))
    places = re.findall(r"<(?:section|h3)[^>]* id='([^']+)'", shown)
    assert len(places) == 13
    assert len(set(places)) == 13
    nav = shown[shown.index("<nav class='tm-contents'") : shown.index("</nav>")]
    assert set(re.findall(r"href='#([^']+)'", nav)) == set(places)


def test_the_guide_explains_every_state_and_nothing_that_is_not_there(open_page: Open):
    shown = html_of(open_page("guide"))
    for state in states.ORDER:
        assert states.icon(state) in terms.meaning("state", text_for("en"))
        assert states.label(state, text_for("en")) in shown
    for word in ("Postmortem", "Incident", "Deploy"):
        assert word not in shown.split("<style>")[0]

"""The home of a team: what changed, what needs a look, what is due, and its apps; remembered, and in the address."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tomoni.ui.team import memory as team_memory

pytestmark = pytest.mark.slow

CARD = "<section class='tm-app'>"


def shown(test: AppTest) -> str:
    """The text of the page."""
    assert not test.exception
    return unescape(re.sub(r"<[^>]+>", "", html_of(test)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("“payments” has 1 app with 4 SLOs: 3 healthy, 1 at risk.", "What changed", "What is due", "Checkout")),
        (
            "ja",
            (
                "「payments」: アプリ1件、SLO 4件。正常3件、要注意1件。",
                "変わったこと",
                "今後の予定",
                "購入手続き",
            ),
        ),
    ],
)
def test_a_team_has_a_home_with_its_own_apps_only(open_page: Open, language: str, said: tuple[str, ...]) -> None:
    test = open_page("overview", team="payments", lang=language)
    text = shown(test)
    assert all(each in text for each in said)
    assert CARD in html_of(test)
    assert "Order mail" not in text
    assert "注文メール" not in text


def test_the_home_says_what_changed_what_needs_a_look_and_what_is_due(open_page: Open) -> None:
    text = shown(open_page("overview", team="platform", lang="en"))
    assert "“Order mails sent within 1 minute” went from Healthy to Exhausted, its budget from 52% to -15%." in text
    assert text.index("to Exhausted") < text.index("to At risk") < text.index("is down to")
    assert "4 SLOs with little or no change" in text
    assert "Order mails sent within 1 minute: Exhausted, -15% of the budget left, agreed now: Reliability first" in text
    assert "The budget of “Shipping notices sent within 10 minutes” runs out at this pace" in text
    assert "“Checkout”, excluded by agreement until 13 Dec, 04:00 JST" in text
    assert re.search(r"No latency SLO: .*Use the cart", text)


def test_a_frozen_home_looks_back_and_ahead_from_its_moment(open_page: Open) -> None:
    text = shown(open_page("overview", team="payments", lang="en", at="2026-11-12T00:00Z"))
    assert "since 5 Nov" in text
    assert "24 Nov, 10:00 JST Review of “Checkout”" in " ".join(text.split())


def test_the_home_names_what_is_new_and_what_is_gone(world: Path, open_page: Open) -> None:
    file = world / "config" / "apps" / "checkout.yaml"
    app = yaml.safe_load(file.read_text())
    app["journeys"] = [journey for journey in app["journeys"] if journey["id"] != "pay"]
    file.write_text(yaml.safe_dump(app, allow_unicode=True))
    with closing(sqlite3.connect(world / "demo.db")) as database, database:
        database.execute(
            "UPDATE definitions SET first_seen = first_seen - 2592000 WHERE path <> 'checkout/place-order/latency'"
        )
    text = shown(open_page("overview", team="payments", lang="en"))
    assert "“checkout / pay / availability” no longer exists." in text
    assert re.search(r"“[^”]*” is new; \d+% of its budget is left\.", text)


def test_a_presented_home_has_no_tables_and_a_search_is_no_home(open_page: Open) -> None:
    assert not open_page("overview", team="payments", present="1").dataframe
    searched = open_page("overview", team="payments", lang="en", find="cart")
    assert CARD not in html_of(searched)
    assert searched.dataframe


def test_a_choice_is_remembered_until_all_teams_are_chosen(open_page: Open) -> None:
    test = open_page("overview", lang="en")
    assert CARD not in html_of(test)
    test.selectbox("team").select("payments").run()
    assert test.query_params["team"] == "payments"
    assert "“payments” has 1 app" in shown(test)
    test.query_params.clear()
    assert "“payments” has 1 app" in shown(test.run())
    test.button("all-teams").click().run()
    assert "SLOs of 4 apps" in shown(test)
    test.query_params.clear()
    assert "SLOs of 4 apps" in shown(test.run())


@pytest.mark.parametrize(
    "address",
    [{"team": "platform"}, {"team": "nobody"}, {"state": "at_risk"}, {"find": "cart"}, {"at": "2026-11-12T00:00Z"}],
)
def test_an_address_comes_before_what_is_remembered(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, address: dict[str, str]
) -> None:
    monkeypatch.setattr(team_memory, "_remembered", lambda: "payments")
    assert "“payments” has 1 app" not in shown(open_page("overview", **address))
    assert "“payments” has 1 app" in shown(open_page("overview", lang="en"))


def test_a_remembered_team_that_is_gone_is_forgotten(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team_memory, "_remembered", lambda: "nobody")
    assert "SLOs of 4 apps" in shown(open_page("overview", lang="en"))


def test_an_app_without_slos_is_on_the_home_of_its_team(open_page: Open, world: Path) -> None:
    (world / "config" / "apps" / "new.yaml").write_text("app: new\ntitle: New\nteams: {app: fresh}\njourneys: []\n")
    text = shown(open_page("overview", team="fresh", lang="en"))
    assert "“fresh” has 1 app and no SLOs yet." in text
    assert "There are no notable changes." in text
    assert "There are no SLOs yet." in text


def test_of_many_apps_each_has_a_row_with_its_worst_slo(open_page: Open, world: Path) -> None:
    apps = world / "config" / "apps"
    for n in range(4):
        (apps / f"copy-{n}.yaml").write_text(
            (apps / "checkout.yaml").read_text().replace("app: checkout", f"app: copy-{n}", 1)
        )
    shown_html = html_of(open_page("overview", team="platform", lang="en"))
    assert shown_html.count(CARD) == 1
    card = shown_html.split(CARD)[1].split("</section>")[0]
    rows = re.findall(r"<tr><th scope='row'>.*?</th>", card)
    assert len(rows) == 8
    assert "Order mail</a>" in rows[0]
    assert "Order mails sent within 1 minute</a>" in rows[0]


def test_the_names_of_a_team_are_shown_as_they_are(open_page: Open, world: Path) -> None:
    file = world / "config" / "apps" / "checkout.yaml"
    team = "<b>a & 'b'</b> %(x)s"
    file.write_text(re.sub(r"(?m)^teams:.*$", f'teams: {{app: "{team}", infra: platform}}', file.read_text()))
    test = open_page("overview", team=team, lang="en")
    assert f"“{team}” has 1 app with 4 SLOs" in shown(test)
    assert "<b>a &" not in html_of(test)

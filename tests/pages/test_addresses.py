"""What an address says and a page does not apply is named, with what is shown instead and what is similar."""

from __future__ import annotations

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tomoni.ui.address import Reason, unread
from tomoni.ui.url_state import KNOWN

pytestmark = pytest.mark.slow

PAGES = ("overview", "app_view", "review", "actions", "snapshots", "postmortems", "catalog", "guide", "explore")
# Of every parameter a value that cannot be read, and what is similar.
UNREADABLE = {
    "app": ("Checkout!", "checkout"),
    "journey": ("Handle Return", "handle-return"),
    "slo": ("Availability", "availability"),
    "at": ("2026-11-18", "2026-11-18T00:00Z"),
    "days": ("99999", "28"),
    "period": ("2026/10", "2026-10"),
    "episode": ("2026-11-19T05:05", "2026-11-19T05:05Z"),
    "lanes": ("A B", ""),
    "lang": ("jp", "ja"),
    "present": ("true", "1"),
    "linear": ("on", "1"),
    "team": ("  ", ""),
    "state": ("at-risk", "at_risk"),
    "find": (" ", ""),
    "snapshot": ("xyz", ""),
    "other": ("0123", ""),
    "during": ("2026-1", "2026-01"),
    "page": ("0", "1"),
    "zoom": ("2026-11-18T10:00Z", ""),
    "large": ("Cpu", "cpu"),
    "range": ("2026-11-03/2026-11-09", "2026-11-03--2026-11-09"),
    "meeting": ("0123", ""),
    "postmortem": ("0124", ""),
    "step": ("Since-", "since"),
    "actions": ("al", "all"),
    "source": ("Demo!", "demo"),
    "metric": ("{up}", "up"),
    "where": ("{code=500}", 'code="500"'),
    "how": ("ratee", "rate"),
    "by": ("a b", ""),
    "query": (" ", ""),
    "beside": ("wek", "week"),
    "log": ("on", "1"),
    "stacked": ("yes", "1"),
    "mark": ("2026-11-18T10:00Z", ""),
    "tab": ("workshp", "workshop"),
    "tries": ("99.9", ""),
    "sli": ("{source: demo}", ""),
    "browse": ("{node_", "node_"),
    "job": (" ", ""),
}
# What names nothing that could be absent; the metrics of a source are known to the page alone that explores them.
_NAMELESS = {"days", "lang", "present", "linear", "state", "find", "during", "page", "actions", "tab", "beside"}
_NAMELESS |= {"metric", "where", "how", "by", "query", "log", "stacked", "mark", "tries", "sli", "browse", "job"}
# Of every parameter that names something: what is not there, what is similar, what is shown instead.
ABSENT = {
    "app": ("chekout", "There is no app “chekout”.", "Similar: checkout", "Showing “Back office” instead."),
    "journey": ("place-ordr", "There is no journey “place-ordr”.", "Similar: place-order", "Showing “Place an order”"),
    "slo": ("latncy", "There is no SLO “latncy”.", "Similar: latency", "Showing “Orders that go through” instead."),
    "lanes": ("cpuu,success", "There is no row “cpuu”.", "Similar: cpu,success", "Showing the other rows instead."),
    "team": ("paymnts", "There is no team “paymnts”.", "Similar: payments", "Showing all teams instead."),
    "at": ("2030-01-01T00:00Z", "“at=2030-01-01T00:00Z” in the address is in the future.", "Open without it", ""),
    "period": ("2031-04", "“period=2031-04” in the address is in the future.", "Similar: 2026-11", "the last 28 d"),
    "episode": ("2026-11-01T00:00Z", "There is no episode of this objective", "Similar: A, ", "the whole period"),
    "large": ("cpuu", "There is no row “cpuu”.", "Similar: cpu", ""),
    "range": (
        "2026-06-01--2026-11-09",
        "“range=2026-06-01--2026-11-09” in the address is longer than a quarter of a year.",
        "Similar: 2026-08-10--2026-11-09",
        "the last 28 d",
    ),
    "zoom": (
        "2026-01-01T00:00Z--2026-01-02T00:00Z",
        "“2026-01-01T00:00Z--2026-01-02T00:00Z” in the address is outside of the period that is shown.",
        "Open without it",
        "the whole period",
    ),
    "snapshot": ("abcdef0123", "There is no snapshot “abcdef0123”.", "", "Showing the list of snapshots instead."),
    "other": ("abcdef0124", "There is no snapshot “abcdef0124”.", "", ""),
    "meeting": (
        "0123456789abcdef01234567",
        "There is no review “0123456789abcdef01234567”.",
        "",
        "the list of reviews",
    ),
    "postmortem": (
        "0123456789abcdef01234568",
        "There is no postmortem “0123456789abcdef01234568”.",
        "",
        "the list of postmortems",
    ),
    "source": ("deemo", "There is no source “deemo”.", "Similar: demo", ""),
    "step": ("burnt", "A review has no step “burnt”.", "Similar: burned", ""),
}


def notice(test: AppTest) -> str:
    """The notice about the address, with its links."""
    assert not test.exception
    return "".join(re.findall(r"<div class='tm-notice tm-calm tm-address'.*?</div>", html_of(test), re.DOTALL))


def text_of(shown: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", shown))


def test_the_tables_name_every_parameter() -> None:
    assert set(UNREADABLE) == set(KNOWN)
    assert set(ABSENT) | _NAMELESS == set(KNOWN)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_every_parameter_that_cannot_be_read(open_page: Open, page: str) -> None:
    said = text_of(notice(open_page(page, **{name: value for name, (value, _) in UNREADABLE.items()})))
    for name, (value, near) in UNREADABLE.items():
        assert f"“{name}={value}” in the address is not a value that this page knows" in said
        assert not near or f"Similar: {near}" in said


@pytest.mark.parametrize("page", ["actions", "postmortems", "catalog", "snapshots"])
def test_a_page_that_shows_no_period_does_not_say_that_it_shows_one_instead(open_page: Open, page: str) -> None:
    said = text_of(notice(open_page(page, at="now", days="x", period="x", range="x")))
    assert said.count("is not a value that this page knows") == 4
    assert "Showing" not in said


def test_nothing_is_called_similar_that_is_not_there(open_page: Open) -> None:
    said = text_of(notice(open_page("overview", app="zz top!", journey="-1", slo="<b>", source="My Prometheus")))
    assert said.count("is not a value that this page knows") == 4
    assert "Similar" not in said


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_what_is_not_there_and_what_is_similar(open_page: Open, page: str) -> None:
    absent = {name: value for name, (value, *_) in ABSENT.items()}
    said = text_of(notice(open_page(page, **absent | {"app": "checkout"})))
    for name, (_, what, near, _) in ABSENT.items():
        if name not in ("app", "episode", "zoom") or (name in ("episode", "zoom") and page == "app_view"):
            assert what in said
            assert near in said


@pytest.mark.parametrize("name", [name for name, (*_, instead) in ABSENT.items() if instead])
def test_what_is_shown_instead_is_named(open_page: Open, name: str) -> None:
    value, what, _, instead = ABSENT[name]
    said = text_of(notice(open_page("app_view", **{"app": "checkout", name: value})))
    assert what in said
    assert instead in said


@pytest.mark.parametrize(
    ("page", "params", "said", "link"),
    [
        ("overview", {"dayz": "7"}, "no page has the parameter “dayz”", "?days=7"),
        ("guide", {"App": "checkout"}, "no page has the parameter “App”", "?app=checkout"),
        (
            "app_view",
            {"journey": "place-ordr"},
            "There is no journey “place-ordr”.",
            "journey=place-order&app=checkout",
        ),
        ("app_view", {"period": "2026-10", "days": "14"}, "“days=14” in the address is not applied", "?period=2026-10"),
        ("app_view", {"period": "2026-11", "at": "2026-10-02T00:00Z"}, "before the beginning", "?period=2026-11"),
        ("app_view", {"range": "2026-11-03--2026-11-09", "days": "7"}, "the period has dates", "?range=2026-11-03"),
        ("app_view", {"range": "2031-11-03--2031-11-09", "days": "7"}, "is in the future", "?days=7"),
        (
            "overview",
            {"period": "2026-10", "range": "2026-11-03--2026-11-09"},
            "“range=2026-11-03--2026-11-09” in the address is not applied: the period has a name",
            "?period=2026-10",
        ),
        ("catalog", {"app": "chekout", "lang": "en"}, "There is no app “chekout”.", "?app=checkout&lang=en"),
        ("snapshots", {"app": "chekout"}, "Showing all apps instead.", "?app=checkout"),
    ],
)
def test_links_lead_to_what_was_meant(open_page: Open, page: str, params: dict[str, str], said: str, link: str) -> None:
    shown = notice(open_page(page, **params))
    assert said in text_of(shown)
    assert link in unescape(shown)


def test_nothing_is_said_of_an_address_that_is_applied(open_page: Open) -> None:
    good = {"app": "checkout", "journey": "place-order", "days": "14", "at": "2026-11-20T00:00Z", "lang": "ja"}
    for page in PAGES:
        assert notice(open_page(page, **good, embed="true")) == ""


def test_hostile_values_are_escaped_in_the_sentence_and_in_the_link(open_page: Open) -> None:
    shown = notice(open_page("overview", dayz="'><script>alert(1)</script>", find="&'\"<b>"))
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert text_of(shown).count("<script>alert(1)</script>") == 1


def test_the_notice_is_in_the_readers_language(open_page: Open) -> None:
    said = text_of(notice(open_page("app_view", lang="ja", app="chekout")))
    assert "アプリ「chekout」はありません。" in said
    assert "代わりに" in said


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("2026-11-24 19:00", "2026-11-24T19:00Z"),
        ("2026-11-24T19:00 09:00", "2026-11-24T10:00Z"),
        ("1795514400", "2026-11-24T10:00Z"),
        ("yesterday", None),
        ("9999-12-31T23:59Z", None),
    ],
)
def test_a_moment_that_lacks_something_is_completed(value: str, near: str | None) -> None:
    (found,) = unread({"at": [value]})
    assert found.near.get("at") == near


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("2026-1", "2026-01"),
        ("202610", "2026-10"),
        ("2026/11/27", "2026-11-27"),
        ("2026W48", "2026-W48"),
        ("2026-W5", "2026-W05"),
        ("Q4 2026", "2026-Q4"),
        ("last month", "last-month"),
        ("last_mnth", "last-month"),
        ("2026-13", None),
        ("2025-W53", None),
        ("october", None),
        ("", None),
    ],
)
def test_the_name_of_a_period_that_is_written_another_way_is_understood(value: str, near: str | None) -> None:
    (found,) = unread({"period": [value]})
    assert (found.reason, found.near.get("period")) == (Reason.UNREADABLE, near)


def test_of_a_parameter_that_is_repeated_the_last_counts() -> None:
    (found,) = unread({"app": ["a", "b"]})
    assert (found.reason, found.value) == (Reason.REPEATED, "b")


@pytest.mark.parametrize("days", ["0", "-1", "99999", "1e999", "nan", "28.0", "", "２８"])
def test_days_out_of_bounds_are_named(days: str) -> None:
    (found,) = unread({"days": [days]})
    assert found.reason is Reason.UNREADABLE

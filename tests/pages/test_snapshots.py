"""The page of snapshots: freeze what is seen, open it again in either language, compare, download."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from tests.pages.conftest import Open, html_of
from tomoni.review.model import Period
from tomoni.slo.model import DAY
from tomoni.snapshots.record import rows
from tomoni.snapshots.record.packing import pack
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.store.engine import write
from tomoni.store.tables import snapshots as table
from tomoni.ui.snapshots.listing import _months
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


# The demo is the same for each test: a snapshot is frozen and packed once for all that keep it, of one configuration.
FROZEN: dict[tuple[str, int, str], Snapshot] = {}


@pytest.fixture(scope="module", autouse=True)
def packed_once() -> Iterator[None]:
    known: dict[int, tuple[Snapshot, bytes]] = {}

    def packed(snapshot: Snapshot) -> bytes:
        if id(snapshot) not in known:
            known[id(snapshot)] = (snapshot, pack(snapshot))  # with itself, so that no other one gets its id
        return known[id(snapshot)][1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "pack", packed)
        yield


def kept(tomoni: Tomoni, days_ago: int = 0, app: str = "checkout", notes: str = "") -> str:
    """The hash by which a snapshot of some days ago is opened."""
    key = (repr(replace(tomoni.apps(app)[0], file="")), days_ago, notes)  # wherever a test has its files
    if key not in FROZEN:
        FROZEN[key] = tomoni.freeze(tomoni.apps(app)[0], Period(tomoni.now() - days_ago * DAY, 7), notes)
    snapshot = FROZEN[key]
    tomoni.snapshots.keep(snapshot)
    return snapshot.hash.removeprefix("sha256:")[:16]


def frames(test) -> list[str]:
    return [element.proto.srcdoc for element in test.get("iframe")]


def test_from_an_empty_list_a_year_is_frozen_with_notes_also_one_in_which_nothing_was_measured(
    open_page: Open, tomoni: Tomoni
):
    test = open_page("snapshots", app="checkout")
    assert "There are no snapshots yet." in html_of(test)
    assert test.selectbox("made-year").options == ["Year 2026", "Year 2025"]
    test.text_area("notes").set_value("Before we measured.")
    test.selectbox("made-year").set_value(2025).run()
    test.button("make-year-now").click().run()
    assert not test.exception
    (shelved,) = tomoni.snapshots.listed()
    assert (shelved.app, shelved.year, shelved.notes) == ("checkout", "2025", "Before we measured.")
    assert "Year 2025: nothing was measured that an objective could be held against." in frames(test)[0]


def test_what_is_seen_is_frozen_by_a_click(open_page: Open, tomoni: Tomoni):
    test = open_page("snapshots", app="checkout", days="14", at="2026-11-20T00:00Z")
    test.text_area("notes").set_value("The pool was too small.").run()
    test.button("make").click().run()
    assert not test.exception
    (shelved,) = tomoni.snapshots.listed()
    assert (shelved.app, shelved.as_of - shelved.start) == ("checkout", 14 * DAY)
    assert shelved.as_of == 1_795_132_800
    assert tomoni.snapshots.read(shelved.hash).beside.notes == "The pool was too small."
    assert test.query_params["snapshot"] == shelved.hash[7:23]


def test_any_page_that_shows_an_app_freezes_it_at_a_click(open_page: Open, tomoni: Tomoni):
    test = open_page("app_view", app="checkout", days="14", at="2026-11-20T00:00Z")
    test.button("snapshot-now").click().run()
    assert not test.exception
    (shelved,) = tomoni.snapshots.listed()
    assert (shelved.app, shelved.as_of, shelved.as_of - shelved.start) == ("checkout", 1_795_132_800, 14 * DAY)


def test_a_page_that_shows_no_app_has_nothing_to_freeze(open_page: Open):
    assert "snapshot-now" not in {button.key for button in open_page("overview").button}


def test_the_list_says_each_state_by_sign_and_word_and_its_links_bear_any_text(open_page: Open, tomoni: Tomoni):
    kept(tomoni)
    shown = html_of(open_page("snapshots", find="a&b <c>'"))
    assert "▲ At risk 1" in shown
    assert "find=a%26b+%3Cc%3E%27" in shown


@pytest.mark.parametrize(("language", "word"), [("en", "At a glance"), ("ja", "要約")])
def test_a_snapshot_opens_in_either_language(open_page: Open, tomoni: Tomoni, language: str, word: str):
    name = kept(tomoni, notes="<script>alert(1)</script>")
    test = open_page("snapshots", snapshot=name, lang=language)
    assert not test.exception
    (shown,) = frames(test)
    assert word in shown
    assert "<script>alert" not in shown
    assert len(test.get("download_button")) == 8


def test_two_are_compared_with_a_link(open_page: Open, tomoni: Tomoni):
    old, new = kept(tomoni, 7), kept(tomoni)
    listed = html_of(open_page("snapshots"))
    assert f"snapshot={new}&amp;other={old}" in listed
    test = open_page("snapshots", snapshot=new, other=old)
    assert not test.exception
    (shown,) = frames(test)
    assert "went from" in shown
    assert len(test.get("download_button")) == 5


def test_snapshots_of_different_apps_are_not_compared(open_page: Open, tomoni: Tomoni):
    test = open_page("snapshots", snapshot=kept(tomoni), other=kept(tomoni, app="order-mail"))
    assert "At a glance" in frames(test)[0]


def test_a_hash_that_nobody_has_says_so(open_page: Open):
    test = open_page("snapshots", snapshot="abcdef0123")
    assert not test.exception
    assert "There is no snapshot “abcdef0123”." in html_of(test)


def test_the_list_is_that_of_the_app_in_the_url(open_page: Open, tomoni: Tomoni):
    kept(tomoni)
    kept(tomoni, app="order-mail")
    assert len(re.findall(r"snapshot=[0-9a-f]{16}", html_of(open_page("snapshots")))) == 2
    assert len(re.findall(r"snapshot=[0-9a-f]{16}", html_of(open_page("snapshots", app="order-mail")))) == 1


def test_closing_leads_back_to_the_list(open_page: Open, tomoni: Tomoni):
    test = open_page("snapshots", snapshot=kept(tomoni), app="checkout")
    test.button("close").click().run()
    assert "snapshot" not in test.query_params
    assert frames(test) == []


def test_without_chromium_two_formats_are_off_and_say_why(open_page: Open, tomoni: Tomoni, monkeypatch):
    monkeypatch.setenv("TOMONI_CHROMIUM", "/nonexistent")
    test = open_page("snapshots", snapshot=kept(tomoni))
    off = [button.proto for button in test.get("download_button") if button.proto.disabled]
    assert [button.label for button in off] == ["PDF", "PNG"]
    assert "chromium" in off[0].help


def test_a_deleted_snapshot_says_when_it_was_deleted(open_page: Open, tomoni: Tomoni):
    name = kept(tomoni)
    test = open_page("snapshots", snapshot=name)
    test.button("delete-for-good").click().run()
    assert not test.exception
    assert tomoni.snapshots.listed() == ()
    assert frames(test) == []
    assert "was deleted on" in html_of(test)
    assert "was deleted on" in html_of(open_page("snapshots", snapshot=name))


def test_a_pinned_one_says_so_in_the_list(open_page: Open, tomoni: Tomoni):
    name = kept(tomoni)
    test = open_page("snapshots", snapshot=name)
    test.button("pin").click().run()
    assert not test.exception
    assert tomoni.snapshots.entry(name).pinned
    assert ">pinned<" in html_of(test)
    assert ">pinned<" in html_of(open_page("snapshots"))


def test_the_list_says_what_was_altered_and_shows_nothing_of_it(open_page: Open, tomoni: Tomoni):
    kept(tomoni, notes="All is well")
    engine = tomoni.snapshots._engine
    untrue = {"title": {"en": "Nothing like it"}, "states": {"healthy": 77}, "notes": "Look away"}
    write(engine, lambda connection: connection.execute(update(table).values(summary=untrue)))
    listed = html_of(open_page("snapshots"))
    assert "The list said otherwise of this snapshot than it holds: the list was altered." in listed
    assert "All is well" in listed
    assert "Look away" not in listed
    assert "Healthy 77" not in listed
    write(engine, lambda connection: connection.execute(update(table).values(payload=b"nothing")))
    listed = html_of(open_page("snapshots"))
    assert "The record of this snapshot cannot be read" in listed
    assert "Look away" not in listed
    assert "Healthy 77" not in listed


def test_the_list_has_names_and_notes(open_page: Open, tomoni: Tomoni):
    kept(tomoni, notes="The pool <was> too small. " * 30)
    shown = html_of(open_page("snapshots"))
    assert ">Checkout, 17 Nov – 24 Nov 2026</a>" in shown
    assert "The pool &lt;was&gt; too small." in shown
    assert ">購入手続き、2026年11月17日～11月24日</a>" in html_of(open_page("snapshots", lang="ja"))


@pytest.mark.parametrize(("language", "name"), [("en", "Checkout, 17 Nov – 24 Nov 2026"), ("ja", "購入手続き")])
def test_an_open_one_has_its_name_alone_above_it(open_page: Open, tomoni: Tomoni, language: str, name: str):
    test = open_page("snapshots", snapshot=kept(tomoni), lang=language)
    shown = html_of(test)
    assert re.search(f"<h1 class='tm-headline[^>]*>{name}", shown)
    assert "tm-snapshots" not in shown.split("<style>")[0]
    (frame,) = test.get("iframe")
    assert "<body class='embedded'>" in frame.proto.srcdoc


def test_the_list_is_narrowed_and_turned_by_the_address(open_page: Open, tomoni: Tomoni, monkeypatch):
    monkeypatch.setattr("tomoni.ui.snapshots.listing.ON_A_PAGE", 2)
    for days_ago in (0, 1, 2, 40):
        kept(tomoni, days_ago)
    first = open_page("snapshots")
    assert html_of(first).count("iB</td>") == 2
    assert html_of(open_page("snapshots", page="2")).count("iB</td>") == 2
    far = html_of(open_page("snapshots", page="9"))
    assert "There is no page 9; this is the last one." in far
    october = html_of(open_page("snapshots", during="2026-10"))
    assert october.count("iB</td>") == 1


def test_the_months_to_choose_from_are_those_of_each_app_by_its_own_clocks(tomoni: Tomoni):
    app = replace(tomoni.catalog.apps[0], timezone="America/Havana")
    catalog = replace(tomoni.catalog, apps=(app,))
    end_of_april = int(datetime(2026, 5, 1, 4, tzinfo=UTC).timestamp())  # in Havana
    assert _months([(app.id, end_of_april)], catalog) == ["2026-04"]
    assert _months([(app.id, end_of_april), ("gone", end_of_april)], catalog) == ["2026-05", "2026-04"]


def test_notes_with_a_secret_are_not_frozen(open_page: Open, tomoni: Tomoni):
    test = open_page("snapshots", app="checkout", at="2026-11-20T00:00Z")
    test.text_area("notes").set_value("See https://example.com/?token=hush-hush").run()
    test.button("make").click().run()
    assert not test.exception
    assert tomoni.snapshots.listed() == ()
    assert "contains a secret (a token)" in html_of(test)
    assert "hush-hush" not in html_of(test)

"""Every page by role: an app that is hidden from a reader is on none of them, whatever the address asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import Open, html_of
from tomoni.access.identity import Identity
from tomoni.meetings.notifications import ToTell
from tomoni.slo.model import State
from tomoni.slo.standing import Happening, Standing
from tomoni.ui.context import Context
from tomoni.ui.navigation import PLACES
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow
HIDDEN = ("order-mail", "Order mail", "注文メール")
PAGES = [Path(place.file).stem for place in PLACES.values()]


def shown(page: str, open_page: Open) -> str:
    """All that a page shows when its address asks for the hidden app."""
    test = open_page(page, app="order-mail", lang="en")
    assert not test.exception
    tables = "".join(frame.value.to_string() for frame in test.dataframe)
    words = [*(element.value for element in (*test.markdown, *test.caption)), *(b.label for b in test.button)]
    chosen = [str(option) for box in (*test.selectbox, *test.multiselect) for option in box.options]
    return "\n".join([html_of(test), tables, *words, *chosen])


@pytest.mark.parametrize("page", PAGES)
def test_a_hidden_app_is_on_no_page_of_a_viewer(page: str, open_page: Open, world: Path):
    (world / "config" / "access.yaml").write_text("without_sign_in: viewer\nhidden: [order-mail]\n")
    checkout = world / "config" / "apps" / "checkout.yaml"
    checkout.write_text(
        checkout.read_text().replace("  - store-search\n", "  - order-mail\n  - Order mail\n  - 注文メール\n")
    )
    found = shown(page, open_page)
    # The notice about the address repeats what was asked for, and nothing else.
    assert [word for word in HIDDEN[1:] if word in found] == []
    assert found.count("order-mail") <= 2


@pytest.mark.parametrize("hidden", [False, True])
def test_the_catalog_lists_what_teams_were_told_of_the_apps_that_a_reader_sees(
    open_page: Open, world: Path, tomoni: Tomoni, hidden: bool
):
    told = [ToTell(Happening.EXHAUSTED, "Shop", channel, {"left": -0.25}) for channel in ("slack", "email")]
    slos = {app.id: (app.journeys[0], app.journeys[0].slos[0]) for app in tomoni.catalog.apps}
    for app in ("checkout", "order-mail"):
        journey, slo = slos[app]
        standing = Standing(1_795_000_000, State.EXHAUSTED)
        assert tomoni.meetings.notifications.look(f"{app}/{journey.id}/{slo.id}", None, standing, told)
    if hidden:
        (world / "config" / "access.yaml").write_text("without_sign_in: viewer\nhidden: [order-mail]\n")
    (found,) = (each.value for each in open_page("catalog", lang="en").dataframe if "Channel" in each.value)
    assert list(found["Channel"]) == ["E-mail", "Slack"] * (1 if hidden else 2)
    assert set(found["Outcome"]) == {"waits"}
    assert all("exhausted" in what for what in found["What"])
    assert sum("Order mail" in what for what in found["What"]) == (0 if hidden else 2)


@pytest.mark.parametrize(
    ("rules", "sign_in", "said"),
    [
        ("without_sign_in: none\n", "none", "No app is open to readers who do not sign in."),
        ("signed_in: none\n", "proxy", "You are signed in, and no app is open to you yet."),
        ("rules: [\n", "none", "The rules of access cannot be read, so everything is closed."),
        ("signed_in: [\n", "proxy", "The rules of access cannot be read, so everything is closed."),
    ],
)
def test_nothing_is_drawn_for_whom_no_role_lets_in(
    open_page: Open, world: Path, monkeypatch: pytest.MonkeyPatch, rules: str, sign_in: str, said: str
):
    (world / "config" / "access.yaml").write_text(rules)
    monkeypatch.setenv("TOMONI_SIGN_IN", sign_in)
    reader = Identity("https://id.example", "1", "aya@example.com", "Aya", frozenset(), 2**40)
    monkeypatch.setattr("tomoni.ui.signed_in.identity", lambda: None if sign_in == "none" else reader)
    monkeypatch.setattr("tomoni.ui.person.identity", lambda: None if sign_in == "none" else reader)
    for page in ("overview", "app_view", "catalog"):
        found = html_of(open_page(page, lang="en"))
        assert said in found
        assert "Checkout" not in found


def test_a_viewer_who_writes_is_told_that_their_role_does_not(
    open_page: Open, world: Path, monkeypatch: pytest.MonkeyPatch
):
    (world / "config" / "access.yaml").write_text("without_sign_in: viewer\n")
    monkeypatch.setattr(Context, "may_write", lambda *_: True)  # as on a page that forgot to ask
    test = open_page("app_view", app="checkout", lang="en")
    test.button(key="snapshot-now").click().run()
    assert "This takes the role “member” of the app “checkout”." in html_of(test)


@pytest.mark.parametrize(("group", "reads"), [("leads", True), ("sre", False)])
def test_admins_find_who_did_what_on_the_catalog_and_nobody_else(
    open_page: Open, world: Path, monkeypatch: pytest.MonkeyPatch, group: str, reads: bool
):
    rules = "rules:\n  - {role: admin, groups: [leads]}\n  - {role: editor, groups: [sre]}\n"
    (world / "config" / "access.yaml").write_text(rules)
    monkeypatch.setenv("TOMONI_SIGN_IN", "proxy")
    reader = Identity("https://id.example", "1", "aya@example.com", "Aya", frozenset({group}), 2**40)
    for place in ("context", "person", "signed_in"):
        monkeypatch.setattr(f"tomoni.ui.{place}.identity", lambda: reader)
    test = open_page("app_view", app="checkout", lang="en")
    test.button(key="snapshot-now").click().run()
    shown = open_page("catalog", lang="en")
    tables = "".join(frame.value.to_string() for frame in shown.dataframe)
    assert ("snapshot.kept" in tables) is reads
    assert ("aya@example.com" in tables) is reads

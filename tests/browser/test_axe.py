"""Every page in each theme and language, and each of its states, is whole, and axe-core has nothing to report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe_worlds
from tests.browser.axe import (
    GROUNDS,
    LANGUAGES,
    STATES,
    Ground,
    State,
    bring,
    findings,
    look_at,
    look_at_large,
    looking,
    walk,
)
from tests.browser.axe_worlds import World
from tests.browser.conftest import Seen
from tests.browser.letters import COLLIDING, LOWEST
from tests.browser.server import settle
from tomoni.ui.navigation import PLACES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# The first two meet both themes and both languages.
LOOKS: tuple[tuple[Ground, str], ...] = (("light", "en"), ("dark", "ja"), ("dark", "en"), ("light", "ja"))


def cover() -> list[tuple[State, Ground, str]]:
    """Each state once, so that the states of a page take turns with the looks, and those of one world and theme follow
    each other, since a change of either loads the page anew; a page of one state comes twice."""
    chosen = []
    for page in dict.fromkeys(state.page for state in STATES):
        states = [state for state in STATES if state.page == page]
        chosen += [(state, *LOOKS[n % len(LOOKS)]) for n, state in enumerate(states if len(states) > 1 else states * 2)]
    return sorted(chosen, key=lambda look: (look[0].world, look[1]))


def test_every_page_is_looked_at_in_each_theme_and_language():
    met = {(state.page, each) for state, ground, language in cover() for each in (ground, language)}
    assert met == {(state.page, look) for state in STATES for look in (*GROUNDS, *LANGUAGES)}


# One state of each page that is looked at in forced colours and at 200 percent too: its first one with all it has.
LARGE = {state.page: state for state in reversed(STATES) if state.world != "empty" and "present=" not in state.path}


def test_every_page_is_looked_at_in_forced_colours_and_at_200_percent():
    assert LARGE.keys() == {state.page for state in STATES}
    assert LARGE.keys() >= {f"/{place.path}" for place in PLACES.values()}


NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
TITLES = {
    "/": ("Overview", "概要"),
    "/app": ("App", "アプリ"),
    "/review": ("Review", "レビュー"),
    "/snapshots": ("Snapshots", "スナップショット"),
    "/catalog": ("Catalog", "カタログ"),
    "/guide": ("Guide", "ガイド"),
    "/actions": ("Actions", "アクション"),
    "/postmortems": ("Postmortems", "ポストモーテム"),
    "/explore": ("Explore", "調べる"),
}


@pytest.fixture(scope="module")
def met() -> Seen:
    """What the page did since its last look."""
    return Seen("http://127.0.0.1:")


@pytest.fixture(scope="module")
def page(browser: Browser, met: Seen) -> Iterator[Page]:
    with looking(browser) as opened:
        opened.on("console", met.message)
        opened.on("pageerror", lambda error: met.messages.append(str(error)))
        opened.on("request", lambda request: met.request(request.url))
        yield opened


@pytest.fixture(scope="module")
def worlds(address: str, demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, World]]:
    with ExitStack() as stack:
        troubled = stack.enter_context(axe_worlds.troubled(tmp_path_factory.mktemp("troubled"), demo_database))
        empty = stack.enter_context(axe_worlds.empty(tmp_path_factory.mktemp("empty")))
        yield {"demo": World(address), "troubled": troubled, "empty": empty}


@pytest.mark.parametrize(
    ("state", "ground", "language"), cover(), ids=lambda value: value.name if isinstance(value, State) else value
)
def test_a_page_is_whole_within_a_small_screen_asks_nobody_else_and_axe_finds_nothing(
    page: Page, met: Seen, worlds: dict[str, World], state: State, ground: Ground, language: str
):
    met.messages.clear()
    met.elsewhere.clear()
    bring(page, worlds[state.world], state, ground, language)
    if state.page in TITLES and "snapshot=" not in state.path:  # a snapshot has a title of its own
        title = TITLES[state.page][LANGUAGES.index(language)]
        expect(page).to_have_title(f"{title} · Tomoni")
    assert page.evaluate("document.documentElement.lang") == language
    headlines = page.locator("h1").all_inner_texts()
    assert len(headlines) == 1 or "snapshot=" in state.path
    of_ours = [each for each in headlines[:1] if "postmortem=" not in state.path]  # what a team wrote stays as it is
    assert all(bool(re.search("[ぁ-んァ-ヶ一-龠]", each)) == (language == "ja") for each in of_ours)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 1280
    assert look_at(page, state) == []
    if state == LARGE[state.page]:
        too_wide, longest = look_at_large(page)
        assert (too_wide, longest <= 0.001) == (0, True)
    assert (met.messages, met.elsewhere) == ([NOT_FOUND] if state.page == "/nowhere" else [], [])


def test_axe_would_find_something(page: Page, worlds: dict[str, World]):
    walk(page, f"{worlds['empty'].address}/guide?lang=en")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=x>')")
    assert [line for line in findings(page) if line.startswith("image-alt")]


@pytest.mark.parametrize("path", ["/", "/?team=payments", "/app?app=checkout", "/catalog", "/snapshots?app=checkout"])
def test_axe_finds_nothing_on_a_phone(page: Page, worlds: dict[str, World], path: str):
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{worlds['troubled'].address}{path}{'&' if '?' in path else '?'}lang=ja")
    settle(page)
    found = findings(page)
    if before is not None:
        page.set_viewport_size(before)
    assert found == []


@pytest.mark.parametrize("look", ["lang=en", "lang=ja&present=1"])
def test_many_slos_leave_headline_cards_and_figure_in_sight_of_a_room(page: Page, worlds: dict[str, World], look: str):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{worlds['troubled'].address}/app?app=many&{look}")
    settle(page)
    expect(page.locator(".tm-rest")).to_be_visible()
    assert page.locator(".tm-tile:not(.tm-rest .tm-tile)").count() == 9
    assert page.locator(".tm-tile-title").count() == axe_worlds.MANY - 1
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert page.evaluate(LOWEST) <= 1080
    assert page.evaluate(COLLIDING) == []

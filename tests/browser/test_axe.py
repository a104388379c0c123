"""axe-core has nothing to report: in every state, and of every page in each theme and language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe_worlds
from tests.browser.axe import GROUNDS, LANGUAGES, STATES, Ground, State, findings, look_at, looking, walk
from tests.browser.axe_worlds import World

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


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with looking(browser) as opened:
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
def test_axe_finds_nothing(page: Page, worlds: dict[str, World], state: State, ground: Ground, language: str):
    assert look_at(page, worlds[state.world], state, ground, language) == []


def test_axe_would_find_something(page: Page, worlds: dict[str, World]):
    walk(page, f"{worlds['empty'].address}/guide?lang=en")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=x>')")
    assert [line for line in findings(page) if line.startswith("image-alt")]

"""Pages of an SLO that Google keeps: nothing made up before Google has told it, both figures side by side after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.google_stand_in.server import Fault, StandIn, running
from tests.google_stand_in.shop import configured, opened, project
from tests.pages.conftest import ROOT, _without_pages_directory, html_of
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow

Draw = Callable[[str], str]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running(project()) as server:
        yield server


@pytest.fixture
def drawn(stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Draw]:
    """Draws a page of the shop and gives its HTML."""
    config = configured(tmp_path, stand_in)
    settings = opened(tmp_path, stand_in).settings
    assert settings.now is not None
    monkeypatch.setenv("TOMONI_CONFIG", str(config))
    monkeypatch.setenv("TOMONI_DATABASE_URL", f"sqlite:///{tmp_path / 'tomoni.db'}")
    monkeypatch.setenv("TOMONI_NOW", settings.now.isoformat())
    monkeypatch.setattr(Tomoni, "refresh_in_background", lambda self: None)
    monkeypatch.setattr(PagesManager, "__init__", _without_pages_directory)

    def draw(page: str) -> str:
        st.cache_resource.clear()
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        test.context = {"locale": "en-GB", "timezone": "UTC"}
        shown = test.run() if page == "overview" else test.run().switch_page(f"pages/{page}.py").run()
        assert not shown.exception
        return html_of(shown)

    yield draw
    st.cache_resource.clear()


@pytest.mark.parametrize("page", ["overview", "app_view", "catalog"])
def test_no_page_shows_an_objective_that_only_google_knows(
    drawn: Draw, page: str, stand_in: StandIn, tmp_path: Path
) -> None:
    stand_in.fail(Fault("NOT_FOUND", "no"), method="GetServiceLevelObjective")
    tomoni = opened(tmp_path, stand_in)
    tomoni.sync()
    tomoni.close()
    shown = re.sub(r"(data-tip|aria-label)='[^']*'", "", drawn(page))  # the glossary has an example of its own
    assert "99.9%" not in shown
    assert "99.5%" not in shown
    if page == "app_view":
        assert "The source did not report the objective and the window of this SLO" in shown


def test_the_explanation_sets_both_figures_side_by_side(drawn: Draw, stand_in: StandIn, tmp_path: Path) -> None:
    tomoni = opened(tmp_path, stand_in)
    tomoni.sync()
    tomoni.close()
    shown = drawn("app_view")
    assert "99.5%" in shown
    assert "own figures" in shown
    assert "They agree to within" in shown

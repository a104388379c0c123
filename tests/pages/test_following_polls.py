"""A poll of the clock leaves news to the part of the page that shows it, and draws the whole page only in need."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tomoni.ui.meeting import follow


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that those who are looked after are looked for at once."""
    found: list[str] = []
    monkeypatch.setattr(follow, "look_now", lambda: found.append("rung"))
    return found


def polls(*news: tuple[int | None, int]) -> list[bool]:
    """Whether each of several polls of a page leaves the news to others: the revision of the step, and the version."""

    def page(news: tuple[tuple[int | None, int], ...]) -> None:
        import streamlit as st  # the page is a script of its own

        from tomoni.meetings.steps import Step
        from tomoni.ui.meeting.follow import _comes_by_itself

        steps = [None if revision is None else Step("", 0, revision) for revision, _ in news]
        found = [_comes_by_itself(step, version) for step, (_, version) in zip(steps, news, strict=True)]
        st.session_state["found"] = found

    test = AppTest.from_function(page, kwargs={"news": news}, default_timeout=60).run()
    assert not test.exception
    return list(test.session_state["found"])


def test_news_is_left_to_the_part_that_shows_it_once(monkeypatch: pytest.MonkeyPatch, rung: list[str]) -> None:
    monkeypatch.setattr(follow, "is_looked_after", lambda: True)
    assert polls((1, 5), (1, 5), (2, 5), (2, 6), (2, 6), (None, 6)) == [True, False, True, True, False, True]
    assert len(rung) == 4


def test_a_page_that_nobody_looks_after_is_drawn_by_its_poll(rung: list[str]) -> None:
    assert polls((1, 5), (1, 5)) == [False, False]
    assert rung == []

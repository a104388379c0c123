"""The meeting on its page: from the queue into a draft, through its steps."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, html_of
from tomoni.meetings.model import Meeting
from tomoni.meetings.steps import STEPS
from tomoni.ui.meeting import frame
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


@pytest.fixture
def meeting(open_page: Open, tomoni: Tomoni) -> str:
    """The draft that opening the app's review made."""
    open_page("review", app="checkout")
    (made,) = tomoni.meetings.records.listed(Meeting, "checkout")
    return made.id


def test_the_first_who_looks_makes_the_draft_once(open_page: Open, tomoni: Tomoni, meeting: str):
    assert not open_page("review", app="checkout").exception
    assert [each.id for each in tomoni.meetings.records.listed(Meeting)] == [meeting]


def test_the_steps_of_the_page_are_those_of_the_records():
    assert tuple(frame.STEPS) == STEPS


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_step_draws_with_a_sentence_first(open_page: Open, meeting: str, language: str):
    for step in STEPS:
        test = open_page("review", meeting=meeting, step=step, lang=language)
        assert not test.exception
        assert "<h1 class='tm-headline'>" in html_of(test)
        assert "could not be drawn" not in html_of(test)

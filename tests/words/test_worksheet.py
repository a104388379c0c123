"""The profile in words, and the worksheet: what is typed becomes keys that load."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tomoni.catalog.load import load
from tomoni.catalog.profile import Profile
from tomoni.catalog.schema import App
from tomoni.words.profiles import APP_QUESTIONS, EXPECTED_OF_JOURNEYS, answered, unanswered
from tomoni.words.text import text_for
from tomoni.words.worksheet import worksheet_paper, worksheet_yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checkout() -> App:
    found = load(ROOT / "config", {}).app("checkout")
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_answers_are_told_and_what_nobody_answered_has_a_next_step(checkout: App, language: str) -> None:
    text = text_for(language)
    told = dict(answered(checkout.profile, APP_QUESTIONS, text))
    assert len(told) == len(APP_QUESTIONS)
    assert "FREQ=DAILY" in "".join(told.values())
    assert not unanswered(checkout.profile, APP_QUESTIONS)
    assert unanswered(Profile(), EXPECTED_OF_JOURNEYS) == list(EXPECTED_OF_JOURNEYS)


def test_the_sheet_has_every_question_and_lines_where_nothing_is_known(checkout: App) -> None:
    paper = worksheet_paper(checkout, text_for("en"))
    assert all(each.question in paper for each in (*APP_QUESTIONS, *EXPECTED_OF_JOURNEYS))
    assert paper.count("<i></i>") > 0
    assert "Orders that go through: 99.9%" in paper
    assert paper.count("Which objective and window will be tried first in the workshop?") == len(checkout.journeys)


@given(st.dictionaries(st.sampled_from(["users", "importance", "depends_on", "peaks"]), st.text(max_size=40)))
def test_whatever_is_typed_becomes_yaml(checkout: App, typed: dict[str, str]) -> None:
    made = worksheet_yaml(checkout, checkout.journeys[0], typed, {"steps": "a\nb: c"}, text_for("en"))
    try:
        read = yaml.safe_load(made)
    except yaml.reader.ReaderError:  # what no YAML file may hold at all
        return
    assert read["journeys"] == [{"id": "place-order", "steps": ["a", "b: c"]}]
    assert {"users", "importance"} & read.keys() <= typed.keys()

"""What a policy proposes, as the text of a decision."""

from __future__ import annotations

import pytest

from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import PolicyLevel
from tomoni.words.concluding import proposed
from tomoni.words.text import text_for


@pytest.mark.parametrize(
    ("language", "actions", "said"),
    [
        ("en", ["Release only fixes.", "Review the objective."], "Care: Release only fixes. Review the objective."),
        ("en", ["only fixes", "review the objective"], "Care: only fixes, review the objective"),
        ("en", ["Release only fixes.", "a review"], "Care: Release only fixes, a review"),
        ("ja", ["修正に限る。", "見直す。"], "Care: 修正に限る。見直す。"),
        ("en", [], "Care"),
    ],
)
def test_whole_sentences_stand_one_after_the_other_and_words_are_listed(language: str, actions: list[str], said: str):
    level = PolicyLevel("care", 0.25, LocalText({"en": "Care"}), tuple(LocalText({"en": each}) for each in actions))
    assert proposed(level, text_for(language)) == said

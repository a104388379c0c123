"""What the reader should know about a number, in words: facts about the data, never about people."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources.base import Notice
from text import Text, mark
from words.phrases import Phrase, look_up

TABLE: Mapping[str, Phrase] = {
    "numerator_absent": Phrase(
        mark("The good or bad events did not exist in %(buckets)s buckets and were counted as 0."),
        mark("That is usual while nothing fails; otherwise check the spelling of the query."),
    ),
    "good_above_total": Phrase(
        mark("More good events than events came in %(buckets)s buckets; they count as all good."),
        mark("Late or differently sampled data does this; check that both queries select the same events."),
    ),
    "partly_observed": Phrase(
        mark("%(coverage)s of the window was observed."),
        mark("What was not observed counts neither as good nor as bad."),
    ),
    "not_up_to_date": Phrase(
        mark("The newest data is of %(until)s; it should reach %(wanted)s."),
        mark("The figures are those of the last moment that is known."),
    ),
    "too_few_events": Phrase(
        mark("Too few events to judge: %(total)s, fewer than the %(min_events)s agreed on."),
        mark("Look at the single events rather than at the percentage."),
    ),
}


def say(notice: Notice, text: Text) -> str:
    """A notice in one or two sentences."""
    what, hint = look_up(TABLE, notice.code, notice.facts, text)
    return text.sentences(what, hint)

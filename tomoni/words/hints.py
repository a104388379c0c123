"""What a facilitator may ask at each step of a review: about systems, never about people."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.for_reviews import Step
from tomoni.words.text import Text, mark

HINTS: Mapping[Step, tuple[str, ...]] = {
    Step.FOLLOW_UPS: (
        mark("What got in the way of what is still open?"),
        mark("Is it still worth doing? Dropping it, with the reason, is an answer too."),
        mark("What did the finished ones change?"),
    ),
    Step.SINCE: (
        mark("What surprises you?"),
        mark("What went well, and what helped?"),
        mark("Do these numbers match what users told us?"),
    ),
    Step.JOURNEYS: (
        mark("What did users notice?"),
        mark("Which signals moved at the same time? That alone does not make them the cause."),
        mark("What would we have to measure to understand this better?"),
    ),
    Step.BURNED: (
        mark("What in the system made this possible?"),
        mark("What helped to notice and to end it?"),
        mark("Where were we lucky?"),
        mark("Do both teams see it in the same way? Note the differences as well."),
    ),
    Step.AHEAD: (
        mark("What is planned that will change traffic or the system?"),
        mark("Which risk would cost the most, and what would make it cheaper?"),
        mark("What are we not yet measuring?"),
    ),
    Step.DECIDE: (
        mark("Does the objective still match what users need?"),
        mark("What is the smallest step that would help?"),
        mark("What do we leave out to make room for it?"),
    ),
    Step.CLOSE: (
        mark("Is there a question that has not been asked yet?"),
        mark("What would make the next review more useful?"),
    ),
}


def hints(step: str, text: Text) -> tuple[str, ...]:
    """What may be asked at a step, a sentence each; nothing for a step that is not known."""
    return tuple(text._(hint) for hint in HINTS[Step(step)]) if step in set(Step) else ()

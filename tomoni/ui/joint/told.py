"""The sentence about a journey, which heads its page and stands for its figure: told once for all who read it."""

from __future__ import annotations

from tomoni.review.model import Review
from tomoni.ui.context import Context
from tomoni.ui.kept import kept_of_review
from tomoni.words import headlines


def told(context: Context, review: Review, journey: str) -> str:
    """What a review says about a journey (by its id), in the language and the zone of the context's text."""
    about = ("journey", journey)
    return kept_of_review(context, review, about, lambda: headlines.journey(review, journey, context.text))

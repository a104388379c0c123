"""What is the same for every reader of a view: made for the first of them, and shown to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tomoni.review.model import Overview, Review
from tomoni.ui.context import Context

T = TypeVar("T")


def kept_of(context: Context, overview: Overview, about: tuple[object, ...], make: Callable[[], T]) -> T:
    """What ``make`` returns for an overview, which is the same object for everybody while nothing new is known, and for
    what ``about`` names besides, with the reader's language and zone. It is shared: nobody may change it.

    The object is kept beside what was made of it, so that its id does not become that of another one.
    """
    text = context.text
    whole = (id(overview), text.language, text.zone, *about)
    # Few, for each holds an overview, which is large.
    return context.shared("kept of an overview", 24, whole, lambda: (overview, make()))[1]


def kept_of_review(context: Context, review: Review, about: tuple[object, ...], make: Callable[[], T]) -> T:
    """The same of a review, by the tracks that it holds: reviews of one period may be of figures frozen at different
    moments. A review that is only given its newest events has the same tracks."""
    text = context.text
    seen = (review.app.id, id(review.tracks), review.start, review.as_of, review.events)
    whole = (*seen, text.language, text.zone, *about)
    return context.shared("kept of a review", 160, whole, lambda: (review.tracks, make()))[1]

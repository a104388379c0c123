"""What is the same for every reader of a view: made for the first of them, and shown to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tomoni.review.model import Overview, Review
from tomoni.ui.context import Context

T = TypeVar("T")


def kept(context: Context, about: tuple[object, ...], make: Callable[[], T]) -> T:
    """What ``make`` returns for a state of the product, which ``about`` names completely, with the reader's language
    and zone. It is shared: nobody may change it."""
    text = context.text
    return context.shared("kept", 128, (text.language, text.zone, *about), make)


def kept_of(context: Context, overview: Overview, about: tuple[object, ...], make: Callable[[], T]) -> T:
    """The same of an overview, which is the same object for everybody while nothing new is known.

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
    whole = (id(review.tracks), review.start, review.as_of, review.events, text.language, text.zone, *about)
    return context.shared("kept of a review", 64, whole, lambda: (review.tracks, make()))[1]

"""Practices in words: what each is called, how it stands, and the next small step to it."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.review.practices import AppPractices, Practice, Practised
from tomoni.words.text import Text, mark

NAMES: Mapping[Practice, str] = {
    Practice.OWNERS: mark("Both teams named"),
    Practice.JOURNEYS: mark("Journeys"),
    Practice.SLOS: mark("SLO of each journey"),
    Practice.POLICY: mark("Error budget policy"),
    Practice.RHYTHM: mark("Review rhythm"),
    Practice.REVIEWS: mark("Closed reviews"),
    Practice.RISKS: mark("Risks"),
    Practice.QUESTIONS: mark("Answered questions"),
}
_STEPS: Mapping[Practice, str] = {
    Practice.OWNERS: mark("Name the team of the app and the one of its infrastructure in the app's file."),
    Practice.JOURNEYS: mark(
        "Ask the app team what its users want to get done, and write down the first answer as a journey."
    ),
    Practice.SLOS: mark("Take one journey without an SLO, and try an objective in the workshop."),
    Practice.POLICY: mark("Agree on one thing to do when less than a quarter of a budget is left."),
    Practice.RHYTHM: mark("Choose a day and an hour for the next review, and write it into the app's file."),
    Practice.REVIEWS: mark("Open the page of the review together, and close it with one decision."),
    Practice.RISKS: mark("Write down the one thing that may go wrong next, and how long it would take to notice."),
    Practice.QUESTIONS: mark("Take one open question into the next review."),
}


def name(practice: Practice, text: Text) -> str:
    """What a practice is called."""
    return text._(NAMES[practice])


def standing(each: Practised, text: Text) -> str:
    """How it stands: a sign, and how much of it there is."""
    if not each.of:
        return text._("none asked yet")
    sign = "✓" if each.is_whole else "◐" if each.there else "○"
    if each.of > 1 and not each.is_whole:
        return text._("%(sign)s %(there)s of %(all)s") % {"sign": sign, "there": each.there, "all": each.of}
    return f"{sign}\N{NO-BREAK SPACE}{each.there}" if each.there > 1 else sign


def step(each: Practised, text: Text) -> str:
    """The next small step."""
    return text._(_STEPS[each.practice])


def next_step(found: AppPractices, text: Text) -> str:
    """The next small step of an app; that all is there where it is."""
    return (
        step(found.next, text) if found.next else text._("All of them are practised; ask both teams what helps most.")
    )


def lead(text: Text) -> str:
    """What the table is, and what it is not."""
    return text._("What teams practise already, in the order in which it builds up: ✓ there, ◐ in part, ○ not yet.")

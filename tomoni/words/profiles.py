"""The profile of an app or a journey in words: what the worksheet asks, what was answered, and the next small step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomoni.catalog.local_text import LocalText
from tomoni.catalog.profile import Peak, Profile
from tomoni.slo.model import DAY
from tomoni.words.recurring import rule_words
from tomoni.words.text import Text, mark


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the worksheet: the key of the file that answers it, what it is called, the question, and the
    next small step where nobody has answered it."""

    key: str
    name: str
    question: str
    step: str


_SHARED = (
    Asked("users", mark("Users"), mark("Who are the users?"), mark("Name the largest group of users in one sentence.")),
    Asked(
        "importance",
        mark("What it is worth"),
        mark("What is it worth to them and to the business?"),
        mark("Say what stops when it stops for an hour."),
    ),
    Asked(
        "peaks",
        mark("Peaks"),
        mark("When does it matter most: hours, campaigns, closing days?"),
        mark("Write down the next day on which it must not fail."),
    ),
    Asked(
        "depends_on",
        mark("Depends on"),
        mark("What does it depend on: apps, systems, partners?"),
        mark("Name the one dependency that stopped it last."),
    ),
)
_OF_JOURNEYS = (
    Asked(
        "steps", mark("Steps"), mark("What does a user do, one after the other?"), mark("Click it through together.")
    ),
    Asked(
        "good",
        mark("What good means"),
        mark("What does good mean, in the words of the users?"),
        mark("Ask one user, or read one complaint."),
    ),
    Asked(
        "unmeasured",
        mark("Not measured yet"),
        mark("What matters and cannot be measured yet?"),
        mark("Write down one thing that users notice and no figure shows."),
    ),
)
APP_QUESTIONS: Sequence[Asked] = _SHARED
# A journey has its own worth, users and dependencies only where they differ from those of the app.
JOURNEY_QUESTIONS: Sequence[Asked] = (*_OF_JOURNEYS, *_SHARED)
EXPECTED_OF_JOURNEYS: Sequence[Asked] = _OF_JOURNEYS
# The worksheet asks for the peaks of a journey, too: a closing day is that of one journey mostly.
ASKED_OF_JOURNEYS: Sequence[Asked] = (
    *_OF_JOURNEYS,
    Asked(
        "peaks",
        mark("Peaks"),
        mark("When does this journey matter most, where that is not when the app does?"),
        mark("Write down the next day on which it must not fail."),
    ),
)


def answer(profile: Profile, key: str, text: Text) -> str:
    """What was answered to a question, on one line; empty where nothing was."""
    return "; ".join(answer_lines(profile, key, text))


def answer_lines(profile: Profile, key: str, text: Text) -> list[str]:
    """What was answered to a question, each part by itself."""
    written: object = getattr(profile, key)
    if isinstance(written, LocalText):
        return [written(text.language)]
    if not isinstance(written, tuple):
        return []
    return [peak_words(each, text) if isinstance(each, Peak) else each(text.language) for each in written]


def answered(profile: Profile, asked: Sequence[Asked], text: Text) -> Iterator[tuple[str, str]]:
    """The names of the questions that were answered, with their answers."""
    for each in asked:
        if said := answer(profile, each.key, text):
            yield text._(each.name), said


def unanswered(profile: Profile, asked: Sequence[Asked]) -> list[Asked]:
    """The questions that nobody has answered yet."""
    return [each for each in asked if not getattr(profile, each.key)]


def _repeated(peak: Peak, ends: datetime, text: Text) -> str:
    """How often, and for how long where it is not the whole day."""
    rule, start = rule_words(peak.repeats, text), f"{peak.starting:%H:%M}"
    if peak.seconds == DAY and start == "00:00":
        return rule
    if peak.seconds <= DAY:
        hours = {"rule": rule, "start": start, "end": f"{ends:%H:%M}"}
        return text._("%(rule)s %(start)s to %(end)s") % hours
    longer = {"rule": rule, "start": start, "length": text.duration(peak.seconds)}
    return text._("%(rule)s, from %(start)s for %(length)s") % longer


def peak_words(peak: Peak, text: Text) -> str:
    """A peak with its time by the clocks of the app."""
    title = peak.title(text.language)
    ends = peak.starting + timedelta(seconds=peak.seconds)
    if peak.repeats:
        return text._("%(title)s (%(rule)s)") % {"title": title, "rule": _repeated(peak, ends, text)}
    span = {"title": title, "start": f"{peak.starting:%Y-%m-%d %H:%M}", "end": f"{ends:%Y-%m-%d %H:%M}"}
    return text._("%(title)s (%(start)s to %(end)s)") % span

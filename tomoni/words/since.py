"""What changed since the last review, in sentences, the most important first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tomoni.catalog.schema import App
from tomoni.review.model import PolicyStanding
from tomoni.slo.in_a_row import Run
from tomoni.words.phrases import plain
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the last review. ``states`` and ``others`` are sentences of SLOs and signals, the most
    important first: verdicts that changed, then the rest. ``policy`` is where it stood and stands, where that changed;
    ``added``, ``done`` and ``dropped`` count actions."""

    states: Sequence[str] = ()
    others: Sequence[str] = ()
    policy: tuple[PolicyStanding | None, PolicyStanding | None] | None = None
    added: int = 0
    done: int = 0
    dropped: int = 0


def first(app: App, text: Text) -> str:
    """That there is nothing to compare with."""
    return text._("This is the first review of %(app)s.") % {"app": text.quote(plain(app.title(text.language)))}


def unread(text: Text) -> str:
    """That the last review cannot be compared with: what it was frozen as is gone, or was altered."""
    return text._("What the last review was frozen as cannot be read, so nothing can be compared with it.")


def headline(found: Changes, when: int, text: Text) -> str:
    """The most important change since the last review, and how many more there are."""
    lines = sentences(found, text)
    facts = {"day": text.day(when, year=False)}
    if not lines:
        return text._("Nothing changed notably since the review of %(day)s.") % facts
    more = len(lines) - 1
    others = text.n_("One more thing changed.", "%(n)s more things changed.", more) % {"n": more} if more else ""
    return text.sentences(text._("Since the review of %(day)s:") % facts, lines[0], others)


def sentences(found: Changes, text: Text) -> list[str]:
    """Every change, the most important first; what the policy asks for now comes after the verdicts that led to it."""
    return [*found.states, *_policy(found, text), *found.others, *_actions(found, text)]


def _policy(found: Changes, text: Text) -> Iterator[str]:
    if found.policy is None:
        return
    was, now = found.policy
    facts = {"was": _level(was, text), "now": _level(now, text)}
    yield text._("The policy went from %(was)s to %(now)s.") % facts


def _level(standing: PolicyStanding | None, text: Text) -> str:
    """What a level is called."""
    if standing is None:
        return text._("no policy")
    level = standing.level
    return text.quote(plain(level.title(text.language))) if level else text._("nothing required")


def _actions(found: Changes, text: Text) -> Iterator[str]:
    counts = (
        text.n_("%(n)s new", "%(n)s new", found.added) % {"n": found.added} if found.added else "",
        text.n_("%(n)s done", "%(n)s done", found.done) % {"n": found.done} if found.done else "",
        text.n_("%(n)s dropped", "%(n)s dropped", found.dropped) % {"n": found.dropped} if found.dropped else "",
    )
    if said := text.listed([each for each in counts if each]):
        yield text._("Actions: %(counts)s.") % {"counts": said}


def run(found: Run | None, text: Text) -> str:
    """In how many periods in a row an objective was missed: "2", "4 or more"."""
    if found is None:
        return text.number(None)
    if not found.missed:
        return text.number(0, 0)
    return text._("%(n)s or more") % {"n": found.missed} if found.or_more else text.number(found.missed, 0)

"""The step "Decide" in words: what is known of an SLO, what a policy proposes, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from tomoni.catalog.schema import PolicyLevel
from tomoni.meetings.model import Decision
from tomoni.review.model import SloStatus, SloTrack
from tomoni.words import choices
from tomoni.words.apart import within_its_app
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_MOST_CHARACTERS = 300


def headline(discussed: int, of: int, text: Text) -> str:
    """The sentence of the step: on how many SLOs something was concluded."""
    if not discussed:
        return text.n_("%(n)s objective to conclude on.", "%(n)s objectives to conclude on.", of) % {"n": of}
    phrase = text.n_("%(done)s of %(n)s objective is concluded.", "%(done)s of %(n)s objectives are concluded.", of)
    return phrase % {"done": discussed, "n": of}


def facts(track: SloTrack, text: Text) -> str:
    """What is known of an SLO: "31% budget left · 99.93% of 99.9%"."""
    status = track.status
    left = text._("%(share)s budget left") % {"share": text.budget(status.budget_left)}
    percent = status.slo.objective.percent if status.slo.objective else None
    reached = {"sli": text.sli(status.figures.sli), "objective": text.objective(percent)}
    parts = [left, text._("%(sli)s, objective %(objective)s") % reached]
    if track.policy and track.policy.level:
        parts.append(plain(track.policy.level.title(text.language)))
    return " · ".join(parts)


_ENDS = (".", "。", "!", "！", "?", "？")  # of a whole sentence


def objectives(statuses: Sequence[SloStatus], text: Text) -> str:
    """The SLOs that a level holds for, by their titles."""
    return text.listed([plain(within_its_app(status, text.language)[1]) for status in statuses])


def proposed(level: PolicyLevel, text: Text) -> str:
    """What a level of a policy proposes, as the text of a decision: "With care: one reliability item a sprint"."""
    actions = [plain(action(text.language)) for action in level.actions]
    whole = all(action.endswith(_ENDS) for action in actions)
    what = text.sentences(*actions) if whole else text.listed([action.rstrip(".。") for action in actions])
    name = plain(level.title(text.language))
    return plain(text._("%(what)s: %(why)s") % {"what": name, "why": what} if what else name, _MOST_CHARACTERS)


def decided(decision: Decision, text: Text) -> str:
    """That a meeting has decided on a proposal, and how."""
    return text._("Decided: %(how)s.") % {"how": choices.decision(decision.what, text)}

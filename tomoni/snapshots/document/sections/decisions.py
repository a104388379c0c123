"""What a review has to decide: what the policy requires, and what the numbers leave open."""

from __future__ import annotations

from collections.abc import Iterable

from tomoni.review.model import SloTrack
from tomoni.slo.model import VERDICTS, State
from tomoni.snapshots.document.model import Cell, Part, Section, Stage
from tomoni.snapshots.document.sections.ahead import outlook
from tomoni.snapshots.document.sections.edition import Edition, quoted_name, table, worst_first
from tomoni.snapshots.document.sections.largest import NOTICEABLE, Burner, largest
from tomoni.words import states
from tomoni.words.text import Text

_MOST = 6
_MOST_BURNERS = 2
_LEAK = 0.25  # of a budget that was spent a little at a time
Question = tuple[str, str]  # what is to be decided, and why


def decide(edition: Edition) -> Section | None:
    """The questions of a review, with room for what is agreed on. None for an app without SLOs, and for a meeting
    that has decided."""
    text, tracks = edition.text, worst_first(edition.review.tracks)
    if not tracks or edition.meeting is not None:
        return None
    _ = text._
    questions = list(_questions(edition, tracks)) or [_nothing_pressing(text)]
    n = len(questions)
    rows = [[Cell(question), Cell(reason), Cell(""), Cell("")] for question, reason in shown(questions, text)]
    made = table((_("To decide"), _("Because"), _("Action"), _("Due")), rows, texts=4)
    count = text.n_("%(n)s point to decide.", "%(n)s points to decide.", n) % {"n": n}
    speech = _("Actions and dates are for the meeting to fill in; the numbers suggest the questions, not the answers.")
    part = Part("decide", "", count, (made,), speech, Stage.DECISION)
    return Section("decide", _("What to decide"), (part,))


def shown(questions: list[Question], text: Text) -> list[Question]:
    """The first questions, and how many more there are."""
    more = len(questions) - (_MOST - 1)
    if len(questions) <= _MOST:
        return questions
    return [*questions[: _MOST - 1], (text.n_("and %(n)s more", "and %(n)s more", more) % {"n": more}, "")]


def _questions(edition: Edition, tracks: list[SloTrack]) -> Iterable[Question]:
    """What the policy requires first, then budgets, what burned them, and data that is missing."""
    text = edition.text
    yield from _required(edition)
    for track in tracks:
        yield from _of_budget(track, text)
    for burner in largest(edition)[:_MOST_BURNERS]:
        if burner.share >= (NOTICEABLE if burner.found else _LEAK):
            yield _of_burner(burner, text)
    for track in tracks:
        if track.status.figures.state not in VERDICTS:
            slo = {"slo": quoted_name(track.status, text)}
            yield text._("How %(slo)s can be judged again") % slo, states.label(track.status.figures.state, text)


def _required(edition: Edition) -> Iterable[Question]:
    """The actions of the policy's level that applies."""
    worst, text = edition.review.policy, edition.text
    if worst is None or worst.level is None:
        return
    names = worst.policy.title(text.language), worst.level.title(text.language)
    reason = text._("%(policy)s requires it: %(level)s") % {"policy": text.quote(names[0]), "level": names[1]}
    for action in worst.level.actions:
        yield action(text.language), reason


def _of_budget(track: SloTrack, text: Text) -> Iterable[Question]:
    """A budget that is exhausted, or that does not last as things are."""
    facts, forecast = {"slo": quoted_name(track.status, text)}, track.forecast
    if track.status.figures.state is State.EXHAUSTED:
        yield text._("How %(slo)s gets back to its objective") % facts, outlook(track, text)
    elif forecast is not None and forecast.exhausts_at is not None:
        yield text._("How the burn of %(slo)s slows down") % facts, outlook(track, text)


def _of_burner(burner: Burner, text: Text) -> Question:
    facts = {"slo": quoted_name(burner.track.status, text), "share": text.budget(burner.share)}
    reason = text._("spent %(share)s of the budget") % facts
    if burner.found is None:
        return text._("What to do about the background of %(slo)s") % facts, reason
    return text._("What follows from episode %(letter)s of %(slo)s") % {**facts, "letter": burner.found.letter}, reason


def _nothing_pressing(text: Text) -> Question:
    return text._("Whether the objectives still fit"), text._("No budget is at risk")

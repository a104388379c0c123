"""A source that fails, in words: what happened, since when, what is shown instead, what to do."""

from __future__ import annotations

from tomoni.review.model import SourceProblem
from tomoni.words import errors
from tomoni.words.phrases import plain
from tomoni.words.text import Text


def say(problem: SourceProblem, text: Text) -> tuple[str, str]:
    """What happened to a source and since when, and what to do about it."""
    what, hint = errors.say(problem.code, problem.facts, problem.detail, text)
    if problem.answered is None:
        kept = text._("It has never answered.")
    else:
        kept = text._("It last answered on %(answered)s; the data stored up to then is shown.") % {
            "answered": text.near_moment(problem.answered)
        }
    return text.sentences(what, kept), hint


def line(problem: SourceProblem, text: Text) -> str:
    """The same on one line with the source's name first, for the command line."""
    what, hint = say(problem, text)
    return f"{plain(problem.source)}: {text.sentences(what, hint)}"

"""Everything that may be wrong with what users write, in words: what it is and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.schema import Problem
from text import Text
from words.phrases import Phrase, look_up

TABLE: Mapping[str, Phrase] = {}


def say(problem: Problem, text: Text) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    return look_up(TABLE, problem.code, problem.facts, text)


def line(problem: Problem, text: Text) -> str:
    """A problem on one line as the command line and the catalog page show it: ``file:line: what; what to do``."""
    what, hint = say(problem, text)
    where = f"{problem.spot.file}:{problem.spot.line}" if problem.spot.line else problem.spot.file
    told = what.rstrip(".。")
    return f"{where}: {told}; {hint.rstrip('.。')}" if hint else f"{where}: {told}"

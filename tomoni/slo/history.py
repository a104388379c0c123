"""How long an SLI has been observed: since when it can be judged, and since when it is silent.

The history begins with the first bucket that was ever observed. A gap inside it stays what it is, a
matter of coverage.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from tomoni.slo.model import BoolArray, Buckets, Definition, RollingWindow, SilenceMeans, State
from tomoni.slo.periods import calendar_period


@dataclass(frozen=True, slots=True)
class History:
    """What was observed up to a moment, Unix seconds.

    ``since`` is the start of the first observed bucket, ``until`` the end of the last one; both None
    when nothing was observed in the buckets that are held. ``longer`` says that the history began before
    these buckets.
    """

    since: int | None
    until: int | None
    longer: bool

    def within(self, start: int) -> History:
        """The same as seen from a window that begins at a moment, however far back the buckets reach."""
        longer = self.longer or (self.since is not None and self.since < start)
        silent = self.until is not None and self.until <= start
        return History(None if longer else self.since, None if silent else self.until, longer)


def history(buckets: Buckets, at: int) -> History:
    """What was observed of an SLI in buckets that end at or before a moment."""
    step = buckets.step_seconds
    held = max(0, min(len(buckets.total), (at - buckets.start) // step))
    found = np.flatnonzero(_observed(buckets)[:held])
    if not len(found):
        return History(None, None, buckets.observed_before)
    since, until = buckets.start + int(found[0]) * step, buckets.start + (int(found[-1]) + 1) * step
    return History(since, until, buckets.observed_before)


def judged_from(buckets: Buckets, definition: Definition) -> int | None:
    """The first moment at which the history is long enough for a verdict; None when nothing was observed.

    It is when the time since the first observed bucket reaches `Definition.judge_after`: a length, or a
    share of the window that ends then (of a calendar window: of the whole period).
    """
    if buckets.observed_before:
        return 0
    found = np.flatnonzero(_observed(buckets))
    if not len(found):
        return None
    first = buckets.start + int(found[0]) * buckets.step_seconds
    return _judged_after(first, definition)


def _judged_after(first: int, definition: Definition) -> int:
    needed, window = definition.judge_after, definition.window
    if isinstance(window, RollingWindow):
        return first + ceil(needed.needed(window.seconds))
    period = calendar_period(window, first)
    while True:
        moment = max(period.start + 1, first + ceil(needed.needed(period.seconds)))
        if moment <= period.end:
            return moment
        period = calendar_period(window, period.end)


def state_of_history(state: State, observed: History, definition: Definition, at: int, judged: bool) -> State:
    """A state as far as the history supports it.

    *No data* stays, and is the state of an SLO that has been silent for too long and takes silence for it.
    While the history is too short for a verdict the state is *collecting*, whatever the numbers are.
    """
    if state is State.NO_DATA:
        return state
    if definition.silence.means is SilenceMeans.NO_DATA and is_silent(observed, definition, at):
        return State.NO_DATA
    return state if judged else State.COLLECTING


def is_silent(observed: History, definition: Definition, at: int) -> bool:
    """Whether something was observed once, and nothing for as long as the definition waits."""
    return observed.until is not None and at - observed.until >= definition.silence.after_seconds


def _observed(buckets: Buckets) -> BoolArray:
    observed: BoolArray = buckets.total >= 0
    return observed

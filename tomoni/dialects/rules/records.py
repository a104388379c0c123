"""The recording rules of one SLO: counts and shares of each window of its alerts, its objective, its budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from tomoni.catalog.schema import Slo
from tomoni.dialects.rules import names
from tomoni.dialects.rules.counting import Counting
from tomoni.dialects.rules.lengths import promql_length
from tomoni.slo.alerts import factor, reachable
from tomoni.slo.model import DAY, HOUR, AlertRule, RollingWindow
from tomoni.slo.periods import longest_seconds
from tomoni.slo.tally import finite

_JUDGED_WITHIN = 7 * DAY  # how far before the needed history an observed bucket is looked for


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording rule, or an alerting one: its name, its expression, its labels and annotations."""

    kind: str
    name: str
    expr: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """One SLO as its rules see it. ``labels`` are those of its series, ``title`` is what its alerts call it."""

    slo: Slo
    counting: Counting
    labels: Mapping[str, str]
    title: str

    @property
    def window_seconds(self) -> int:
        """The length of its window; of a calendar window the longest, so that no alert fires too early."""
        return longest_seconds(self.slo.definition.window)

    @property
    def conditions(self) -> tuple[AlertRule, ...]:
        """The alert conditions that can ever hold."""
        definition, unit = self.slo.definition, self.counting.unit_seconds
        allowance = definition.objective.allowance
        return tuple(r for r in definition.rules if reachable(r, self.window_seconds, allowance, unit))

    def limit(self, condition: AlertRule) -> float:
        """The share of bad events above which a condition holds."""
        return finite(factor(condition, self.window_seconds) * self.slo.definition.objective.allowance)

    @property
    def needed_seconds(self) -> int:
        """How much history it needs before it is judged."""
        return ceil(self.slo.definition.judge_after.needed(self.window_seconds))

    def series(self, name: str) -> str:
        """One of its recorded series."""
        return names.of(name, self.labels)


def records_of(subject: Subject) -> Iterator[Rule]:
    """The recording rules of an SLO, in the order in which they build on each other."""
    conditions = subject.conditions
    long = {rule.long_seconds for rule in conditions}
    windows = sorted(long | {rule.short_seconds for rule in conditions} | _budget_step(subject))
    ratio = subject.slo.definition.objective.ratio
    yield _record(subject, names.OBJECTIVE, f"vector({ratio!r})")
    for seconds in windows:
        yield from _of_window(subject, seconds, seconds in long)
    if conditions and subject.needed_seconds:
        yield _record(subject, names.JUDGED, _history(subject))
    if _budget_step(subject):
        yield _record(subject, names.REMAINING, _remaining(subject))


def _history(subject: Subject) -> str:
    """The buckets that were seen before the history that is needed began: nothing while it is too short."""
    needed, bucket = subject.needed_seconds, subject.slo.bucket_seconds
    every = max(bucket, min(HOUR, needed // 60 // bucket * bucket))
    return subject.counting.seen(_JUDGED_WITHIN, every, needed)


def _record(subject: Subject, name: str, expr: str) -> Rule:
    return Rule("record", name, expr, subject.labels, {})


def _of_window(subject: Subject, seconds: int, long: bool) -> Iterator[Rule]:
    counting = subject.counting
    whole = seconds // counting.unit_seconds * counting.unit_seconds
    total = subject.series(names.total(seconds))
    yield _record(subject, names.total(seconds), counting.total(whole))
    yield _record(subject, names.bad(seconds), counting.bad(whole, f"sum({total})"))
    bad = subject.series(names.bad(seconds))
    yield _record(subject, names.error(seconds), f"clamp_max({bad} / ({total} > 0), 1)")
    observed = counting.observed(whole) if long else None
    if observed:
        yield _record(subject, names.observed(seconds), observed)


def _budget_step(subject: Subject) -> set[int]:
    """The hour, of which the budget's window is made, where the SLO counts in parts of it and has a rolling window."""
    definition = subject.slo.definition
    fits = isinstance(definition.window, RollingWindow) and HOUR % subject.counting.unit_seconds == 0
    return {HOUR} if fits and definition.objective.allowance else set()


def _remaining(subject: Subject) -> str:
    """The budget that is left, by the hours of the window that were recorded: weighted by their events."""
    length = promql_length(subject.window_seconds, less_a_millisecond=True)
    bad, total = (subject.series(name(HOUR)) for name in (names.bad, names.total))
    spent = f"sum_over_time({bad}[{length}:1h]) / (sum_over_time({total}[{length}:1h]) > 0)"
    return f"1 - {spent} / {finite(subject.slo.definition.objective.allowance)!r}"

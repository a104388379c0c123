"""What writers ask of a Prometheus for an SLO, over a window that the other tool fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from data_sources.errors import SourceError
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.division import on_one_line
from data_sources.prometheus.query import histogram_selector, with_placeholder
from data_sources.prometheus.selectors import le_matcher, read_selector, usual_spellings
from data_sources.queries import Expression, Ratio, RecordedRatio
from tomoni.catalog.schema import Slo
from tomoni.dialects.losses import Placed
from tomoni.dialects.promql import WINDOW, counted
from tomoni.dialects.report import Line
from tomoni.dialects.rules.counting import counting_of
from tomoni.dialects.rules.lengths import promql_length
from tomoni.dialects.written import Target
from tomoni.slo.model import CalendarWindow


@dataclass(frozen=True, slots=True)
class Asked:
    """The queries of an SLO by role (two of total, good and bad), in which the window is the tool's own placeholder.

    ``selectors`` are there where the roles are plain counters, ``share`` where there is only a share of bad events.
    ``in_buckets`` says that the queries add up whole buckets by subqueries, ``of_histogram`` that the good events are
    those of an edge, which is there whenever its histogram is, unless it is spelt otherwise.
    """

    parts: Mapping[str, str]
    selectors: Mapping[str, str] = field(default_factory=dict)
    share: str = ""
    in_buckets: bool = False
    of_histogram: bool = False

    @property
    def total(self) -> str:
        """All events; there where there are only good or only bad ones."""
        if "total" in self.parts:
            return self.parts["total"]
        good, bad = _term(self.parts["good"]), _term(self.parts["bad"])
        return f"({good} + {bad}) or {good} or {bad}"

    @property
    def bad(self) -> str:
        """The bad events: 0 as long as there has never been one, and all of them as long as there was no good one."""
        if "bad" in self.parts:
            return f"{_term(self.parts['bad'])} or vector(0)"
        total, good = _term(self.parts["total"]), _term(self.parts["good"])
        return f"{total} - {good}" if self.of_histogram else f"{total} - ({good} or vector(0))"


def _term(text: str) -> str:
    return text if text.startswith(("sum(rate(", "sum(increase(", "sum_over_time(")) else f"({text})"


def asked_of(slo: Slo, window: str) -> Asked | None:
    """The queries of an SLO of a Prometheus source; None where it cannot be queried at all."""
    try:
        return _asked(slo, window)
    except SourceError:
        return None


def _asked(slo: Slo, window: str) -> Asked:
    sli = slo.sli
    selectors = selectors_of(slo)
    if selectors:
        rates = {role: f"sum(rate({text}[{window}]))" for role, text in selectors.items()}
        return Asked(rates, selectors, of_histogram=isinstance(sli, Histogram))
    if isinstance(sli, Ratio):
        return Asked({role: _increase(part, window) for role, part in sli.parts.items()})
    if isinstance(sli, RecordedRatio) and sli.ratio.weight is None:
        ratio = sli.ratio.error or sli.ratio.success or ""
        mean = with_placeholder(ratio, window) or f"avg_over_time(({ratio})[{window}:1m])"
        return Asked({}, share=mean if sli.ratio.error else f"1 - ({mean})")
    bucket, step = counting_of(slo).bucket, promql_length(slo.bucket_seconds)
    role = "bad" if bucket.part_is_bad else "good"
    parts = {"total": bucket.total, role: bucket.part}
    return Asked({key: f"sum_over_time(({text})[{window}:{step}])" for key, text in parts.items()}, in_buckets=True)


def selectors_of(slo: Slo) -> Mapping[str, str]:
    """The counters of an SLO by role; empty where it counts otherwise. Raises SourceError for a malformed one."""
    sli = slo.sli
    if isinstance(sli, Histogram):
        selector = histogram_selector(sli, slo.source)
        edge = le_matcher(usual_spellings(sli.under)[:1])
        return {"total": selector.part("_count"), "good": selector.part("_bucket", edge)}
    if isinstance(sli, Ratio) and all(isinstance(part, str) for part in sli.parts.values()):
        return {role: str(read_selector(str(part), slo.source)) for role, part in sli.parts.items()}
    return {}


def _increase(part: str | Expression, window: str) -> str:
    if isinstance(part, Expression):
        return with_placeholder(part.expr, window) or part.expr
    return f"sum(increase({read_selector(part)}[{window}]))"


def comes_back(slo: Slo, sli: Ratio) -> bool:
    """Whether an import takes the queries of an SLO for what its SLI says."""
    queries = _asked(slo, WINDOW).parts
    written = {
        role: {"expr": on_one_line(part.expr)} if isinstance(part, Expression) else str(read_selector(part))
        for role, part in sli.parts.items()
    }
    return counted(queries).keys == written


def refused(placed: Placed, target: Target, title: str, calendar: bool = False, slices: bool = False) -> Line | None:
    """Why a tool that asks Prometheus cannot hold an SLO; None where it can. ``calendar`` and ``slices``: it knows
    calendar windows, and slices of time."""
    definition, kind = placed.slo.definition, target.kinds.get(placed.slo.source, "")
    if kind != "prometheus":
        return placed.unasked(target.kinds, title)
    if isinstance(definition.window, CalendarWindow) and not calendar:
        return placed.left_out("writes_calendar", tool=title, period=definition.window.unit.value)
    if definition.slices is not None and not slices:
        return placed.left_out("writes_slices", tool=title)
    return None


def told_of_sli(placed: Placed, asked: Asked, title: str) -> Iterator[Line]:
    """What differs in the SLI of a tool that asks Prometheus."""
    slo = placed.slo
    if isinstance(slo.sli, Histogram):
        yield placed.approximated("writes_histogram", under=f"{slo.sli.under:g}")
    if asked.share:
        yield placed.approximated("writes_share", tool=title)
    if isinstance(slo.sli, Ratio) and not comes_back(slo, slo.sli):
        yield placed.approximated("writes_other_form", tool=title)
    if asked.in_buckets:
        yield placed.approximated("writes_subquery", tool=title)
    if placed.excluded:
        yield placed.lost("writes_exclusions", tool=title)
    if any(rule.min_events for rule in slo.definition.rules):
        yield placed.lost("writes_min_events", tool=title)

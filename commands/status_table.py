"""The status as a table for people: one sentence first, worst first, as wide as there is room."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from data_sources.durations import format_duration
from review.model import Overview, SloStatus
from slo.model import DAY, HOUR, Alert, State
from text import Text
from words import headlines, notices, states
from words.phrases import plain

# Bold shades of the Okabe-Ito palette that read on dark and light terminals alike.
COLOURS = {
    State.HEALTHY: "#009e73",
    State.AT_RISK: "#d55e00",
    State.EXHAUSTED: "#cc3311",
    State.NO_TRAFFIC: "#7f7f7f",
    State.NO_DATA: "#7f7f7f",
}
BAR_CELLS = 10
SHOWN_BURNS = (HOUR, 6 * HOUR, 3 * DAY)
UNBOUNDED = 10_000
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a table is shown: its width in cells (None: as wide as it takes) and whether it has colours."""

    width: int | None
    colours: bool


def render(overview: Overview, text: Text, screen: Screen) -> str:
    """The sentence, the table and the notes on an overview, as lines for a screen."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=screen.width or UNBOUNDED,
        force_terminal=screen.colours,
        highlight=False,
        emoji=False,
        markup=False,
    )
    console.print(Rich(headlines.overview(overview, text), style="bold"))
    console.print(Rich(text._("as of %(moment)s") % {"moment": text.moment(overview.as_of)}, style="dim"))
    if overview.statuses:
        console.print()
        console.print(_table(worst_first(overview.statuses), text, screen))
    for note in _notes(overview.statuses, text):
        console.print(Rich(note, style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def worst_first(statuses: Iterable[SloStatus]) -> list[SloStatus]:
    """By state, then by what is left of the budget, then as written in the catalog."""
    return sorted(statuses, key=lambda s: (states.ORDER.index(s.figures.state), _left(s)))


def _left(status: SloStatus) -> float:
    remaining = status.figures.remaining
    return float("-inf") if remaining is None else remaining


def _table(statuses: Sequence[SloStatus], text: Text, screen: Screen) -> Table:
    """All columns where they fit; else without the burn rates, then without the bar."""
    for burns, bar in ((SHOWN_BURNS, True), ((), True), ((), False)):
        table = _with_columns(statuses, text, burns, bar)
        if screen.width is None or Console(width=UNBOUNDED).measure(table).maximum <= screen.width:
            break
    return table


def _with_columns(statuses: Sequence[SloStatus], text: Text, burns: Sequence[int], bar: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in (text._("State"), text._("App"), text._("Journey"), "SLO"):
        table.add_column(heading, overflow="fold")
    for heading in (text._("Objective"), "SLI", text._("Budget left")):
        table.add_column(heading, justify="right", no_wrap=True)
    if bar:
        table.add_column("", no_wrap=True)
    for seconds in burns:
        heading = text._("Burn %(window)s") % {"window": format_duration(seconds)}
        table.add_column(heading, justify="right", no_wrap=True)
    firing = any(alert.firing for status in statuses for alert in status.figures.alerts)
    if firing:
        table.add_column(text._("Alerts"))
    for status in statuses:
        cells = [*_names(status, text), *_numbers(status, text), *([_bar(status)] if bar else [])]
        cells += [Rich(text.burn(status.figures.burn.get(seconds))) for seconds in burns]
        table.add_row(*cells, *([_alerts(status.figures.alerts, text)] if firing else []))
    return table


def _names(status: SloStatus, text: Text) -> list[Rich]:
    state = status.figures.state
    titles = (status.app.title, status.journey.title, status.slo.title)
    label = Rich(states.label(state, text), style=COLOURS[state], no_wrap=True)
    return [label, *(Rich(plain(title(text.language))) for title in titles)]


def _numbers(status: SloStatus, text: Text) -> list[Rich]:
    figures = status.figures
    few = "*" if figures.too_few_events else ""
    return [
        Rich(text.objective(status.slo.definition.objective.percent)),
        Rich(text.sli(figures.sli) + few),
        Rich(text.budget(_judged(status)), style=COLOURS[figures.state]),
    ]


def _judged(status: SloStatus) -> float | None:
    """What is left of a budget that something was counted against: an untouched one of nothing is no 100 %."""
    return status.figures.remaining if status.figures.sli is not None else None


def _bar(status: SloStatus) -> Rich:
    """What is left of the budget, in ten cells."""
    remaining = _judged(status)
    if remaining is None:
        return Rich("")
    full = round(min(max(remaining, 0.0), 1.0) * BAR_CELLS)
    bar = Rich("█" * full, style=COLOURS[status.figures.state])
    return bar.append("░" * (BAR_CELLS - full), style="dim")


def _alerts(alerts: Sequence[Alert], text: Text) -> Rich:
    firing = [alert for alert in alerts if alert.firing]
    told = [f"{text._(states.SEVERITIES[alert.severity])} {format_duration(alert.long_seconds)}" for alert in firing]
    return Rich(", ".join(told))


def _notes(statuses: Sequence[SloStatus], text: Text) -> list[str]:
    """What to know before trusting the numbers: each notice once, with the SLOs that it is about."""
    about: dict[str, list[str]] = {}
    for status in statuses:
        name = f"{status.app.id}/{status.journey.id}/{status.slo.id}"
        for notice in status.notices:
            about.setdefault(notices.say(notice, text), []).append(name)
        if status.figures.too_few_events:
            few = text._("* Too few events to judge: look at the single events rather than at the percentage.")
            about.setdefault(few, []).append(name)
    return [f"{_some(names, text)}: {note}" for note, names in about.items()]


def _some(names: Sequence[str], text: Text) -> str:
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    more = text._("%(some)s and %(n)s more")
    return more % {"some": ", ".join(names[:MOST_NAMED]), "n": len(names) - MOST_NAMED}

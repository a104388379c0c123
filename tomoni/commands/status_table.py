"""The status as a table for people: a headline, then the SLOs, worst first, fitted to the terminal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from tomoni.catalog.concerning import problems_of
from tomoni.catalog.schema import Catalog
from tomoni.review.model import Overview, SloStatus
from tomoni.slo.burn_windows import in_tables
from tomoni.slo.model import Alert, State
from tomoni.words import headlines, notices, problems, states
from tomoni.words.apart import names_of
from tomoni.words.phrases import plain
from tomoni.words.text import Text

# Bold shades of the Okabe-Ito palette that read on dark and light terminals alike.
COLORS = {
    State.HEALTHY: "#009e73",
    State.AT_RISK: "#d55e00",
    State.EXHAUSTED: "#cc3311",
    State.COLLECTING: "#7f7f7f",
    State.NO_TRAFFIC: "#7f7f7f",
    State.NO_DATA: "#7f7f7f",
}
BAR_CELLS = 10
UNBOUNDED = 10_000
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a table is shown: its width in cells (None: as wide as needed) and whether it has colors; ``header`` has
    sentences above it, such as those on a period that is not complete."""

    width: int | None
    colors: bool
    header: tuple[str, ...] = ()


def render(overview: Overview, text: Text, screen: Screen, catalog: Catalog | None = None) -> str:
    """The headline, the table and the notes of an overview, as lines; with the ``catalog`` what is wrong with
    the definition of each SLO."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=screen.width or UNBOUNDED,
        force_terminal=screen.colors,
        highlight=False,
        emoji=False,
        markup=False,
    )
    console.print(Rich(headlines.overview(overview, text), style="bold"))
    console.print(Rich(text._("as of %(moment)s") % {"moment": text.moment(overview.as_of)}, style="dim"))
    for sentence in screen.header:
        console.print(Rich(sentence, style="dim"))
    if overview.statuses:
        console.print()
        console.print(_table(worst_first(overview.statuses), text, screen))
    for note in _notes(overview.statuses, text, catalog):
        console.print(Rich(note, style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def worst_first(statuses: Iterable[SloStatus]) -> list[SloStatus]:
    """Sorted by state, then by budget left, then in the order of the catalog."""
    return sorted(statuses, key=lambda s: (states.ORDER.index(s.figures.state), _left(s)))


def _left(status: SloStatus) -> float:
    remaining = status.figures.remaining
    return float("-inf") if remaining is None else remaining


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a table has: burn rates, the bar, and names in columns of their own."""

    burns: Sequence[int]
    bar: bool
    roomy: bool
    alerts: bool


def _table(statuses: Sequence[SloStatus], text: Text, screen: Screen) -> Table:
    """All columns if they fit; else without burn rates, then without the bar, then with names in one column."""
    alerts = any(alert.firing for status in statuses for alert in status.figures.alerts)
    shown = in_tables(status.figures.burn for status in statuses)
    for burns, bar, roomy in ((shown, True, True), ((), True, True), ((), False, True), ((), False, False)):
        table = _laid_out(statuses, text, Layout(burns, bar, roomy, alerts and roomy))
        if screen.width is None or Console(width=UNBOUNDED).measure(table).maximum <= screen.width:
            break
    return table


def _laid_out(statuses: Sequence[SloStatus], text: Text, layout: Layout) -> Table:
    padding = (0, 1) if layout.roomy else (0, 1, 0, 0)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=padding)
    table.add_column(text._("State"), no_wrap=True)
    for heading in (text._("App"), text._("Journey"), "SLO") if layout.roomy else ("SLO",):
        table.add_column(heading, overflow="fold")
    for heading in (text._("Objective"), "SLI", text._("Budget left")):
        table.add_column(heading, justify="right", no_wrap=True)
    if layout.bar:
        table.add_column("", no_wrap=True)
    for seconds in layout.burns:
        heading = text._("Burn %(window)s") % {"window": text.duration(seconds)}
        table.add_column(heading, justify="right", no_wrap=True)
    if layout.alerts:
        table.add_column(text._("Alerts"))
    names = names_of(statuses, text.language)
    for status in statuses:
        table.add_row(*_cells(status, [Rich(plain(each)) for each in names[status.path]], text, layout))
    return table


def _cells(status: SloStatus, names: list[Rich], text: Text, layout: Layout) -> list[Rich]:
    figures = status.figures
    burns = [Rich(text.burn(figures.burn.get(seconds))) for seconds in layout.burns]
    return [
        Rich(states.label(figures.state, text), style=COLORS[figures.state]),
        *(names if layout.roomy else [_name(status, names, text)]),
        *_numbers(status, text),
        *([_bar(status)] if layout.bar else []),
        *burns,
        *([Rich(_alerts(figures.alerts, text))] if layout.alerts else []),
    ]


def _name(status: SloStatus, names: list[Rich], text: Text) -> Rich:
    """All names and the firing alerts in one cell."""
    firing = _alerts(status.figures.alerts, text)
    joined = " / ".join(name.plain for name in names)
    return Rich(f"{joined} ({firing})" if firing else joined)


def _numbers(status: SloStatus, text: Text) -> list[Rich]:
    figures = status.figures
    few = "*" if _too_few(status) else ""
    return [
        Rich(text.objective(status.slo.objective.percent if status.slo.objective else None)),
        Rich(text.sli(figures.sli) + few),
        Rich(text.budget(status.budget_left), style=COLORS[figures.state]),
    ]


def _too_few(status: SloStatus) -> bool:
    """Whether there is an SLI but too few events behind it; a missing SLI is shown by the state."""
    return status.figures.too_few_events and status.figures.sli is not None


def _bar(status: SloStatus) -> Rich:
    """The budget left, in ten cells."""
    remaining = status.budget_left
    if remaining is None:
        return Rich("")
    full = round(min(max(remaining, 0.0), 1.0) * BAR_CELLS)
    bar = Rich("█" * full, style=COLORS[status.figures.state])
    return bar.append("░" * (BAR_CELLS - full), style="dim")


def _alerts(alerts: Sequence[Alert], text: Text) -> str:
    firing = [alert for alert in alerts if alert.firing]
    names = [f"{text._(states.SEVERITIES[alert.severity])} {text.duration(alert.long_seconds)}" for alert in firing]
    return text.listed(names)


def _notes(statuses: Sequence[SloStatus], text: Text, catalog: Catalog | None) -> list[str]:
    """Notes on the definitions and the data: each problem and notice once, with the SLOs that it concerns."""
    about: dict[str, list[str]] = {}
    for status in statuses:
        name = f"{status.app.id}/{status.journey.id}/{status.slo.id}"
        for problem in problems_of(catalog, status.app, status.journey.id, status.slo) if catalog else ():
            about.setdefault(problems.line(problem, text), []).append(name)
        for notice in status.notices:
            about.setdefault(notices.describe(notice, text), []).append(name)
        if _too_few(status):
            few = text._("* Too few events to judge: look at the individual events rather than the percentage.")
            about.setdefault(few, []).append(name)
    return [f"{_some(names, text)}: {note}" for note, names in about.items()]


def _some(names: Sequence[str], text: Text) -> str:
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    more = text._("%(some)s and %(n)s more")
    return more % {"some": ", ".join(names[:MOST_NAMED]), "n": len(names) - MOST_NAMED}

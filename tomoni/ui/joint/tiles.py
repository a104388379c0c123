"""The SLOs of a journey with many: one as a card, the others as tiles beside it, and the last of them folded, so that
however many there are leave the figure where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tomoni.catalog.local_text import apart
from tomoni.review.model import SloStatus
from tomoni.slo.model import State
from tomoni.ui.blocks import budget_bar, mark_of, unseen
from tomoni.ui.escape import html
from tomoni.ui.joint.doubted import doubted
from tomoni.ui.overview.slo_table import worst_first
from tomoni.words import headlines, states
from tomoni.words.text import Text

# Three rows of three are as high as the card beside them.
_MOST_TILES = 9
# What is wrong with the definition of an SLO, a line each.
Wrong = Callable[[SloStatus], Sequence[str]]


def _nothing(_status: SloStatus) -> Sequence[str]:
    return ()


def tiles(statuses: Sequence[SloStatus], text: Text, wrong: Wrong = _nothing) -> str:
    """SLOs of one journey as HTML, the worst first; those that find no place are counted by state and open on a
    click. ``wrong`` tells what is wrong with a definition."""
    found = worst_first(statuses)
    shown = len(found) if len(found) <= _MOST_TILES else _MOST_TILES - 1
    rest = _rest(found[shown:], text, wrong) if found[shown:] else ""
    return f"<div class='tm-tiles'>{_tiles(found[:shown], text, wrong)}{rest}</div>"


def _tiles(statuses: Iterable[SloStatus], text: Text, wrong: Wrong) -> str:
    return "".join(_tile(status, text, wrong) for status in statuses)


def _tile(status: SloStatus, text: Text, wrong: Wrong) -> str:
    """An SLO with its state and what is left of its budget; the whole title on hover, for a long one is cut."""
    state = status.figures.state
    title = html(apart((status.slo, *status.journey.slos), text.language)[status.slo.id])
    return (
        f"<div class='tm-tile' title='{title}'><div class='tm-tile-head'>"
        f"<span class='tm-tile-title'>{mark_of(state)} {title}</span>"
        f"<span class='tm-tile-state'>{_doubt([status], text, wrong)}<span>{html(states.word(state, text))}</span> "
        f"<b>{html(text.budget(status.budget_left))}</b></span></div>{budget_bar(status)}</div>"
    )


def _doubt(statuses: Iterable[SloStatus], text: Text, wrong: Wrong) -> str:
    """A mark where figures are not to be trusted as they stand, or a definition has a problem; why, on hover and for
    screen readers."""
    few = text._("too few events to judge")
    whys = ([*wrong(each), *[few] * each.figures.too_few_events, *doubted(each, text)] for each in statuses)
    said = text.listed(list(dict.fromkeys(why for found in whys for why in found)))
    return f"<span class='tm-at_risk' title='{html(said)}'>▲</span>{unseen(said)}" if said else ""


def _rest(statuses: Sequence[SloStatus], text: Text, wrong: Wrong) -> str:
    n, facts = len(statuses), {"n": text.number(len(statuses), 0)}
    if all(status.figures.state is State.HEALTHY for status in statuses):
        said = text.n_("%(n)s more, healthy", "%(n)s more, all healthy", n) % facts
    else:
        said = text._("%(n)s more: %(states)s") % {**facts, "states": headlines.states(statuses, text)}
    return (
        f"<details class='tm-tile tm-rest'><summary>{html(said)} {_doubt(statuses, text, wrong)}</summary>"
        f"<div class='tm-tiles'>{_tiles(statuses, text, wrong)}</div></details>"
    )

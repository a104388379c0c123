"""How to read all this: an example with its numbers, the joint view, the states, and every term."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.charts.annotations import Annotations, Stretch
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure
from tomoni.slo.model import HOUR
from tomoni.ui import frame, worked_example
from tomoni.ui.blocks import headline, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.present import present_keys, scale
from tomoni.ui.states import chip
from tomoni.words import headlines, states, terms
from tomoni.words.text import Text, mark, text_for

_WHY = (
    mark("Tomoni is read by two teams together: the team of an app and the team of the infrastructure below it."),
    mark("It shows what users noticed, what carried it, and how much room is left for mistakes and for change."),
    mark("It looks at systems, never at persons. Asking what a word or a number means is always a good question."),
)
_EXAMPLE = (
    mark("A shop wants its customers to place orders. That is a critical user journey."),
    mark("Each order is an event; it is good when it goes through. Good orders ÷ all orders is the SLI."),
    mark("Both teams agree that %(objective)s of the orders of four weeks should go through. That is the SLO."),
    mark("%(total)s orders came in. So %(allowed)s of them may fail: that is the error budget. %(bad)s failed."),
    mark("%(bad)s of %(allowed)s are spent, so %(left)s of the budget is left, and the SLI is %(sli)s."),
    mark(
        "In one hour, marked A, 40 of 150 orders failed. That is a burn rate of %(burn)s: at that pace the budget "
        "of four weeks is gone within %(gone)s."
    ),
)
_JOINT = (
    mark(
        "All rows share one time axis. Point at any of them: one line runs through all rows, "
        "and one label names all values."
    ),
    mark("Success is what users got. The dashed line is the objective; a dip below it spends budget."),
    mark(
        "Budget left has two lines. The strong one starts at 100% with the period and only falls: "
        "it is what the period spent. The other is the budget of the SLO's own window: "
        "it rises again when bad days leave the window."
    ),
    mark("The dashed slope is even pace. Above it the budget outlasts the period, below it does not."),
    mark("Traffic shows how many events there were: few events make a percentage jump."),
    mark(
        "Below come the signals of the infrastructure, each with its unit and its limit as a dashed line. "
        "What moves at the same time as success is a hint where to look, not a cause."
    ),
    mark("Hatched stretches have no data. That is not zero and not success: it is not known."),
    mark("Cross-hatched stretches are exclusions: agreed times that do not count, listed with their reasons."),
    mark(
        "Shaded stretches with a letter are burn episodes: there the budget burned noticeably. "
        '"What burned the budget" lists them with all the rest, and adds up to everything that was spent.'
    ),
    mark(
        "Choose a letter to look closer: every row then shows that time, and each signal is held against its usual "
        "at these hours, with how far it moved and whether it began before or after. Esc leads back."
    ),
    mark(
        "A dotted line after the newest data is the forecast. It is drawn only where the budget runs out or comes "
        "back soon, and it is no promise."
    ),
    mark("Drag across the figure to look closer, and double-click to see the whole period again."),
)
_AGREED = (
    mark(
        "A policy says what both teams do while little budget is left. They agreed on it beforehand, so that nobody "
        "has to argue about it while it burns."
    ),
    mark(
        "Beside the figure stand the level that is reached now, since when it has been so, and what was agreed for it. "
        "Tomoni shows it; people decide."
    ),
)
_LINKS = (
    mark(
        'Everything you choose is in the address. "Copy link" gives an address that shows everybody the same numbers.'
    ),
    mark('"Freeze" holds the page at its moment; "Back to live" lets it follow the newest data again.'),
    mark("P begins present mode for a shared screen, Esc ends it, ← and → step through the journeys of an app."),
    mark('"How is this made?" on a card tells what was counted, over which time, and the queries that were sent.'),
)


def draw(context: Context) -> None:
    """The page."""
    text, _ = context.text, context.text._
    headline(_("How to read Tomoni"))
    _section(_("What it is for"), [_(line) for line in _WHY])
    _example(context)
    _section(_("How to read the joint view"), [_(line) for line in _JOINT], numbered=True)
    _states(text)
    _section(_("What the policy means"), [_(line) for line in _AGREED])
    _section(_("Links, moments and keys"), [_(line) for line in _LINKS])
    _glossary(text)
    present_keys(context, "app", (), None)


def _section(heading: str, lines: Sequence[str], numbered: bool = False) -> None:
    """A heading with paragraphs, or with steps."""
    kind = "li" if numbered else "p"
    body = "".join(f"<{kind}>{html(line)}</{kind}>" for line in lines)
    body = f"<ol>{body}</ol>" if numbered else body
    st.html(f"<section class='tm-guide'><h2 class='tm-h2'>{html(heading)}</h2>{body}</section>")


def _example(context: Context) -> None:
    """The worked example: the words with their numbers, and the figure that belongs to them."""
    text = text_for(context.text.language, "Asia/Tokyo")
    shown = worked_example.example()
    facts = _facts(shown, text)
    _section(text._("An example with numbers"), [text._(line) % facts for line in _EXAMPLE], numbered=True)
    bad = headlines.steepest_loss(shown.track.burn_down)
    marked = Annotations((Stretch(bad[1] - HOUR, bad[1], "A"),)) if bad else Annotations()
    view = Joint(
        track=shown.track,
        lanes=(),
        chosen=("success", "budget"),
        frame=Frame(worked_example.START, worked_example.END, text, context.theme),
        annotations=marked,
        scale=scale(context),
    )
    with st.container(key="panel-example", width=900):
        alt = text._("The success and the budget of the example, with the bad hour marked A.")
        st.plotly_chart(joint_figure(view), key="example", theme=None, config={"displayModeBar": False}, alt=alt)


def _facts(shown: worked_example.Example, text: Text) -> dict[str, str]:
    """The numbers of the example, as they are written everywhere else."""
    figures, definition = shown.track.status.figures, shown.track.status.slo.definition
    window = figures.end - figures.start
    return {
        "objective": text.percent(definition.objective.ratio),
        "total": text.count(figures.total),
        "allowed": text.count(figures.allowed_bad),
        "bad": text.count(figures.bad),
        "left": text.budget(figures.remaining),
        "sli": text.sli(figures.sli),
        "burn": text.burn(shown.worst_hour),
        "gone": text.duration(window / shown.worst_hour),
    }


def _states(text: Text) -> None:
    """Every state: icon, word, and what it says."""
    rows = "".join(
        f"<tr><td>{chip(state, text)}</td><td>{html(states.meaning(state, text))}</td></tr>"
        for state in reversed(states.ORDER)
    )
    heading = html(text._("The states of a budget"))
    st.html(
        f"<section class='tm-guide'><h2 class='tm-h2'>{heading}</h2><table class='tm-facts'>{rows}</table></section>"
    )


def _glossary(text: Text) -> None:
    """Every term, by what it is about."""
    title(text._("Every term"))
    for group, entries in terms.GROUPS.items():
        body = "".join(
            f"<dt>{html(terms.name(key, text))}</dt><dd>{html(terms.meaning(key, text))}</dd>" for key in entries
        )
        with st.expander(text._(group), expanded=True):
            st.html(f"<dl class='tm-guide'>{body}</dl>")


frame.show(draw)

"""The part Workshop of `/explore`: what an objective would have meant, up to three of them beside what is agreed.

It is a fragment: a slider that is moved draws its table and its figure, and neither the bar nor the rest of the page.
So the candidates are those of the address as it is now, not of the run that drew the page.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from tomoni.charts.canvas import PreparedFigure
from tomoni.charts.frame import Frame
from tomoni.charts.trials import Tried, trials_spec
from tomoni.exploring.candidates import CALENDAR, MOST, Candidate, read_candidates
from tomoni.meetings.model import Incident
from tomoni.slo.model import DAY, Buckets, Definition, Objective
from tomoni.slo.workshop import (
    LADDER,
    Beginning,
    Beside,
    Suggested,
    Trial,
    TriedOut,
    beginning,
    try_out,
    with_data,
    within,
)
from tomoni.ui.blocks import quiet, remark, stacking_table, title
from tomoni.ui.choice import on_choice_here, on_press_here
from tomoni.ui.escape import flowing, html
from tomoni.ui.explore import drafting, workshop_away
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.explore.subject import Subject, first_candidate, subject
from tomoni.ui.present import scale
from tomoni.ui.url_state import change_view, current_view
from tomoni.ui.written_address import is_of_fragment
from tomoni.use_cases.risks import register
from tomoni.words import workshop as words
from tomoni.words.explained import window as name_of
from tomoni.words.text import Text

# Nothing to press on the figure: its axis is that of the history.
_CHART = {"displayModeBar": False, "showTips": False, "scrollZoom": False, "doubleClick": False}
_DAYS = (7, 14, 28, 30, 60, 90)
# So much later than the figure comes what stands below it after a slider was moved. The browser gathers what arrives
# within 10 ms and draws it together: without a pause nobody would see the figure before all of it is drawn.
_AHEAD_SECONDS = 0.03
_SHARES = (0.9, 0.95, 0.99, 0.999)  # of events, for which a threshold is suggested


def draw(exploration: Exploration) -> None:
    """Draw the workshop of the SLO that is beside the metric, or of an SLI that no file has yet."""
    with st.container(key="panel-workshop"):
        found = subject(exploration)
        if found is not None:
            st.fragment(_tried_on)(exploration, found, _beside(exploration, found))
        drafting.draw(exploration)


def _tried_on(exploration: Exploration, found: Subject, beside: Beside) -> None:
    text, policy = exploration.text, exploration.app.policy if exploration.app else None
    candidates = _candidates(found)
    tried = [_tried(found, each, beside) for each in candidates]
    if found.agreed is not None:
        trial = _trial(found, "", found.agreed, beside)
        tried.insert(0, TriedOut(trial, agreed=True))
    heads = [html(text._("What it would have meant")), *(html(words.name(each, text)) for each in tried)]
    rows = [[html(cell) for cell in row] for row in words.rows(tried, policy, text)]
    table = stacking_table(heads, rows, texts=1) + "".join(map(quiet, words.beside_table(tried, text)))
    figure = _figure(exploration, tried) if any(each.trial.counted for each in tried) else None
    suggested = _suggested(found, candidates[-1], beside)
    # All is known before anything is drawn: the browser gets it at once, and draws it once.
    title(words.heading(found.title, text), words.history(tried[0].trial, text))
    _choices(found, candidates, text)
    st.html(table)
    if figure is not None:
        title(text._("Budget left at every hour"))
        alt = text._("Budget left at every hour") + ": " + text.listed([words.name(each, text) for each in tried])
        st.plotly_chart(figure, key="trials", theme=None, config=_CHART, alt=alt)
    if is_of_fragment():
        time.sleep(_AHEAD_SECONDS)
    _where_to_begin(exploration.text, found, candidates, suggested)
    workshop_away.draw(exploration, found, candidates, (tried, suggested))


def _figure(exploration: Exploration, tried: Sequence[TriedOut]) -> PreparedFigure:
    """What would have been left of each budget at every hour."""
    text, first = exploration.text, tried[0].trial
    lines = [Tried(words.name(each, text), each.trial.remaining) for each in tried]
    frame = Frame(first.start, first.end, text, exploration.context.theme)
    return PreparedFigure(trials_spec(lines, frame, scale(exploration.context)))


def _candidates(found: Subject) -> tuple[Candidate, ...]:
    written = read_candidates(",".join(current_view().tries or ()))
    return tuple(map(found.known, written or (first_candidate(found),)))


def _beside(exploration: Exploration, found: Subject) -> Beside:
    """What the app knows besides: the levels of its policy, its risks, and its incidents."""
    app, records = exploration.app, exploration.context.tomoni.meetings.records
    if app is None or exploration.track is None:
        return Beside()
    journey = exploration.track.status.journey.id
    levels = tuple(level.below for level in app.policy.levels) if app.policy else ()
    risks = tuple(each.risk for each in register(records, app) if each.hits(journey))
    incidents = [each.value for each in records.listed(Incident, app.id)]
    return Beside(levels, risks, tuple((each.start, each.end) for each in incidents if each.start < found.at))


def _inside(found: Subject, beside: Beside) -> Beside:
    return replace(beside, incidents=with_data(beside.incidents, found.histories[""]))


def _tried(found: Subject, candidate: Candidate, beside: Beside) -> TriedOut:
    definition = candidate.definition(found.base, found.buckets(candidate).step_seconds)
    return TriedOut(_trial(found, candidate.under, definition, beside), under=candidate.under)


def _trial(found: Subject, under: str, definition: Definition, beside: Beside) -> Trial:
    buckets = found.histories.get(under, found.histories[""])
    return _tried_out(
        f"{found.key}/{under}/{definition!r}/{beside!r}", buckets, definition, found.at, _inside(found, beside)
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def _tried_out(key: str, _buckets: Buckets, _definition: Definition, at: int, _beside: Beside) -> Trial:
    """A trial, kept: of the candidates that are shown a slider moves one."""
    return try_out(_buckets, _definition, min(at, _buckets.end), _beside)


def _choices(found: Subject, candidates: Sequence[Candidate], text: Text) -> None:
    """The sliders of each candidate; the address follows them."""
    columns = st.columns(MOST, gap="large")  # what ends one candidate stays away from what begins the next
    for place, column in enumerate(columns[: len(candidates)]):
        with column:
            _sliders(found, candidates, place, text)
    if len(candidates) < MOST:
        with columns[len(candidates)]:
            more = (*candidates, candidates[-1])
            st.button(text._("Add a candidate beside it"), key="add-candidate", **on_press_here(_write, more))


def _sliders(found: Subject, candidates: Sequence[Candidate], place: int, text: Text) -> None:
    candidate = candidates[place]
    keys = tuple(f"try-{what}-{place}" for what in ("objective", "days", "slices", "under"))
    values = (candidate.objective, candidate.days, candidate.sliced, candidate.under or found.own)
    st.session_state.update(zip(keys, values, strict=True))
    args = (found, place, keys)
    steps = sorted({*LADDER, candidate.objective}, key=lambda each: each.percent)

    def percent(step: Objective) -> str:
        return text.objective(step.percent)

    def label(what: str) -> str:
        """What a widget is called: of several candidates no two are called the same."""
        return text._("%(what)s, candidate %(n)s") % {"what": what, "n": place + 1} if len(candidates) > 1 else what

    st.select_slider(
        label(text._("Objective")), steps, key=keys[0], format_func=percent, **on_choice_here(keys[0], _moved, *args)
    )
    days = sorted({*_DAYS, candidate.days, *([CALENDAR] if found.has_calendar else [])})

    def window(each: int) -> str:
        return name_of(found.base.window, text) if each == CALENDAR else text.duration(each * DAY)

    st.select_slider(
        label(text._("Window")), days, key=keys[1], format_func=window, **on_choice_here(keys[1], _moved, *args)
    )
    if len(found.thresholds) > 1:
        under = label(text._("Threshold"))
        st.select_slider(under, found.thresholds, key=keys[3], **on_choice_here(keys[3], _moved, *args))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        counted = label(text._("Count slices of time, not events"))
        st.toggle(counted, key=keys[2], **on_choice_here(keys[2], _moved, *args))
        if len(candidates) > 1:
            rest = (*candidates[:place], *candidates[place + 1 :])
            words = text._("Remove candidate %(n)s") % {"n": place + 1}
            st.button(words, key=f"remove-candidate-{place}", type="tertiary", **on_press_here(_write, rest))


def _moved(found: Subject, place: int, keys: Sequence[str]) -> None:
    """Callback: what the sliders of one candidate say takes its place among those of the address."""
    candidates, own = _candidates(found), found.own
    objective, days, sliced = (st.session_state[key] for key in keys[:3])
    under = st.session_state.get(keys[3])
    tried = Candidate(objective, days, sliced, "" if under in (None, own) else under)
    _write((*candidates[:place], tried, *candidates[place + 1 :]))


def _write(candidates: tuple[Candidate, ...]) -> None:
    change_view(tries=tuple(map(str, candidates)))


def _suggested(found: Subject, last: Candidate, beside: Beside) -> Suggested:
    """Where to begin with the window and the method of the last candidate."""
    begun = _beginning(f"{found.key}/{last}/{beside.risks!r}", found, last, beside)
    own = found.own or ""
    return Suggested(begun, _quick(found), own if found.agreed is not None else "")


def _where_to_begin(text: Text, found: Subject, candidates: Sequence[Candidate], suggested: Suggested) -> None:
    """Objectives and thresholds to begin with, each with why and a button that puts it into the last candidate."""
    last, begun = candidates[-1], suggested.beginning
    title(text._("Where to begin"), text._("steps that can be defended, never just what was measured or is agreed"))
    for each in begun.steps:
        why = words.reasons(each, begun.whole, text)
        tried = replace(last, objective=each.objective)
        _begin(text.objective(each.objective.percent), why, candidates, tried)
    for said in words.beside_steps(begun, text):
        remark(said)
    for under, why, agreed in words.thresholds(suggested, text):
        if agreed:
            remark(words.agreed_threshold(under, why, text))
        else:
            tried = replace(last, under="" if under == found.own else under)
            _begin(text._("within %(threshold)s") % {"threshold": under}, why, candidates, tried)


@st.cache_resource(show_spinner=False, max_entries=32)
def _beginning(key: str, _found: Subject, _last: Candidate, _beside: Beside) -> Beginning:
    buckets = _found.buckets(_last)

    def define(objective: Objective) -> Definition:
        return replace(_last, objective=objective).definition(_found.base, buckets.step_seconds)

    agreed = _found.agreed.objective if _found.agreed else None
    return beginning(buckets, define, min(_found.at, buckets.end), _beside.risks, agreed)


def _quick(found: Subject) -> dict[str, float]:
    """The lowest thresholds that most events are within; none where there is no choice of them."""
    if len(found.thresholds) < 2:
        return {}
    return _within(f"{found.key}/{found.thresholds}", found)


@st.cache_resource(show_spinner=False, max_entries=8)
def _within(key: str, _found: Subject) -> dict[str, float]:
    ascending = {under: _found.histories.get(under, _found.histories[""]) for under in _found.thresholds}
    return within(ascending, _SHARES)


def _begin(label: str, why: str, candidates: Sequence[Candidate], tried: Candidate) -> None:
    """Draw a suggestion; one that is the last candidate already cannot be taken again."""
    begun = (*candidates[:-1], tried)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(label, key=f"begin-{label}", disabled=tried == candidates[-1], **on_press_here(_write, begun))
        st.html(f"<p class='tm-small'>{flowing(why)}</p>")

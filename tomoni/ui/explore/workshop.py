"""The part Workshop of `/explore`: what an objective would have meant, up to three of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from tomoni.charts.canvas import PreparedFigure
from tomoni.charts.frame import Frame
from tomoni.charts.trials import Tried, trials_spec
from tomoni.exploring.candidates import MOST, Candidate, of_agreed, read_candidates
from tomoni.meetings.model import Incident
from tomoni.review.model import SloTrack
from tomoni.slo.model import Buckets, Objective
from tomoni.slo.workshop import LADDER, Beside, Trial, suggestions, try_out
from tomoni.ui.blocks import number_table, remark, title
from tomoni.ui.escape import html
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.present import scale
from tomoni.ui.url_state import change_view
from tomoni.use_cases.risks import register
from tomoni.words import workshop as words
from tomoni.words.text import Text

# Nothing to press on the figure: its axis is that of the history.
_CHART = {"displayModeBar": False, "showTips": False, "scrollZoom": False, "doubleClick": False}
_DAYS = (7, 14, 28, 30, 60, 90)


def draw(exploration: Exploration) -> None:
    """Draw the workshop of the SLO that is beside the metric."""
    text, track = exploration.text, exploration.track
    if track is None or track.buckets is None or exploration.app is None:
        with st.container(key="panel-workshop"):
            remark(text._("Choose an SLO of an app above: its history is what is tried on."))
        return
    candidates = _candidates(exploration, track)
    beside = _beside(exploration)
    trials = [_tried(track, track.buckets, each, beside) for each in candidates]
    with st.container(key="panel-workshop"):
        title(words.heading(track.status.slo.title(text.language), text), words.history(trials[0], text))
        _choices(candidates, text)
        rows = words.rows(trials, exploration.app.policy, text)
        heads = ["", *(html(words.name(each.definition, text)) for each in trials)]
        st.html(number_table(heads, [[html(cell) for cell in row] for row in rows], texts=1))
        _figure(exploration, trials)
        _suggested(exploration, track.buckets, candidates, beside)
        _take_away(exploration, trials)


def _figure(exploration: Exploration, trials: Sequence[Trial]) -> None:
    """Draw what would have been left of each budget at every hour."""
    text, first = exploration.text, trials[0]
    tried = [Tried(words.name(trial.definition, text), trial.remaining) for trial in trials]
    frame = Frame(first.start, first.end, text, exploration.context.theme)
    spec = trials_spec(tried, frame, scale(exploration.context))
    title(text._("Budget left at every hour"))
    alt = text._("Budget left at every hour") + ": " + ", ".join(each.name for each in tried)
    st.plotly_chart(PreparedFigure(spec), key="trials", theme=None, config=_CHART, alt=alt)


def _candidates(exploration: Exploration, track: SloTrack) -> tuple[Candidate, ...]:
    written = read_candidates(",".join(exploration.context.view.tries or ()))
    return written or (of_agreed(track.status.slo.definition),)


def _beside(exploration: Exploration) -> Beside:
    """What the app knows besides: the levels of its policy, its risks, and its incidents."""
    app, records = exploration.app, exploration.context.tomoni.meetings.records
    if app is None or exploration.track is None:
        return Beside()
    journey = exploration.track.status.journey.id
    levels = tuple(level.below for level in app.policy.levels) if app.policy else ()
    risks = tuple(each.risk for each in register(records, app) if each.hits(journey))
    until = exploration.track.status.as_of
    incidents = [each.value for each in records.listed(Incident, app.id)]
    return Beside(levels, risks, tuple((each.start, each.end) for each in incidents if each.start < until))


def _tried(track: SloTrack, buckets: Buckets, candidate: Candidate, beside: Beside) -> Trial:
    definition = candidate.definition(track.status.slo.definition, buckets.step_seconds)
    inside = tuple(span for span in beside.incidents if span[0] >= buckets.start)
    return try_out(buckets, definition, track.status.as_of, replace(beside, incidents=inside))


def _choices(candidates: Sequence[Candidate], text: Text) -> None:
    """The sliders of each candidate; the address follows them."""
    columns = st.columns(MOST)
    for place, (column, candidate) in enumerate(zip(columns, candidates, strict=False)):
        with column:
            _sliders(candidates, place, candidate, text)
    if len(candidates) < MOST:
        with columns[len(candidates)]:
            more = (*candidates, candidates[-1])
            st.button(text._("Add a candidate beside it"), key="add-candidate", on_click=_write, args=(more,))


def _sliders(candidates: Sequence[Candidate], place: int, candidate: Candidate, text: Text) -> None:
    keys = (f"try-objective-{place}", f"try-days-{place}", f"try-slices-{place}")
    steps = sorted({*LADDER, candidate.objective}, key=lambda each: each.percent)
    days = sorted({*_DAYS, candidate.days})
    st.session_state[keys[0]], st.session_state[keys[1]] = candidate.objective, candidate.days
    st.session_state[keys[2]] = candidate.sliced
    args = (tuple(candidates), place, keys)

    def percent(step: Objective) -> str:
        return text.objective(step.percent)

    st.select_slider(text._("Objective"), steps, key=keys[0], format_func=percent, on_change=_moved, args=args)
    st.select_slider(text._("Window, in days"), days, key=keys[1], on_change=_moved, args=args)
    st.toggle(text._("Count slices of time, not events"), key=keys[2], on_change=_moved, args=args)
    if len(candidates) > 1:
        rest = (*candidates[:place], *candidates[place + 1 :])
        st.button(text._("Remove"), key=f"remove-candidate-{place}", type="tertiary", on_click=_write, args=(rest,))


def _moved(candidates: tuple[Candidate, ...], place: int, keys: tuple[str, str, str]) -> None:
    objective, days, sliced = (st.session_state[key] for key in keys)
    _write((*candidates[:place], Candidate(objective, days, sliced), *candidates[place + 1 :]))


def _write(candidates: tuple[Candidate, ...]) -> None:
    change_view(tries=tuple(map(str, candidates)))


def _suggested(exploration: Exploration, buckets: Buckets, candidates: Sequence[Candidate], beside: Beside) -> None:
    """Objectives to begin with, each with why and a button that puts it in the place of the last candidate."""
    text, track = exploration.text, exploration.track
    if track is None:
        return
    last = candidates[-1]
    definition = last.definition(track.status.slo.definition, buckets.step_seconds)
    found = suggestions(buckets, definition, track.status.as_of, beside.risks)
    if not found:
        return
    title(text._("Where to begin"), text._("steps that can be defended, never just what was measured"))
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            tried = (*candidates[:-1], replace(last, objective=each.objective))
            _button(text.objective(each.objective.percent), f"begin-{each.objective.percent}", tried)
            st.html(f"<p class='tm-small'>{html(words.reasons(each, text))}</p>")


def _button(label: str, key: str, candidates: tuple[Candidate, ...]) -> None:
    st.button(label, key=key, on_click=_write, args=(candidates,))


def _take_away(exploration: Exploration, trials: Sequence[Trial]) -> None:
    """The lines for the app's file, and one page for the meeting."""
    text, track, app = exploration.text, exploration.track, exploration.app
    if track is None or app is None:
        return
    slo = track.status.slo
    title(
        text._("Take it to the review"),
        text._("in the place of these lines of the SLO in %(file)s") % {"file": Path(app.file).name},
    )
    definitions = [trial.definition for trial in trials]
    st.code("\n\n".join(words.yaml_of(slo.id, each) for each in definitions), language="yaml")
    page = words.one_page(track, trials, app.policy, text)
    name = f"{app.id}-{slo.id}-workshop.md"
    st.download_button(text._("One page for the review (Markdown)"), page, name, "text/markdown", on_click="ignore")

"""The first chapters: how the app does, and every number at once."""

from __future__ import annotations

from collections.abc import Sequence

from tomoni.catalog.local_text import apart
from tomoni.review.model import SloStatus, SloTrack
from tomoni.slo.burn_windows import in_tables
from tomoni.slo.model import State
from tomoni.snapshots.document.model import Block, Card, Cards, Cell, Paragraph, Part, Section, Stage, Table, Tone
from tomoni.snapshots.document.sections.edition import (
    Edition,
    budget_cell,
    count_cell,
    name_of,
    objective_cell,
    sli_cell,
    state_cell,
    table,
)
from tomoni.snapshots.document.sections.journeys import worst_journey
from tomoni.snapshots.document.sections.largest import burned_most
from tomoni.words import budgets, errors, explained, headlines, periods, states
from tomoni.words.apart import within_its_app
from tomoni.words.text import Text


def summary(edition: Edition) -> Section:
    """What can be read alone: one sentence, a card for each SLO, what is wrong with the sources, the figure of
    the journey that is worst off, and what burned the budgets."""
    text, review = edition.text, edition.review
    title = text._("At a glance")
    statuses = [track.status for track in review.tracks]
    blocks: list[Block] = [Cards(tuple(card(status, text) for status in statuses), _in_rows(statuses, text))]
    blocks += [
        Paragraph(f"{problem.source}: {text.sentences(*errors.describe_source(problem, text))}", Tone.WARNING)
        for problem in review.problems
    ]
    if review.period and review.standing and (so_far := periods.progress(review.period, review.standing, text)):
        blocks.append(Paragraph(so_far, Tone.WARNING))
    speech = " ".join(state for state in (states.meaning(s, text) for s in _states(review.tracks)) if state)
    opening = Part("summary", "", headlines.app(review, text), tuple(blocks), speech, Stage.OPENING)
    return Section("summary", title, (opening, *worst_journey(edition), *burned_most(edition)))


def numbers(edition: Edition) -> Section:
    """All SLOs in one table."""
    text = edition.text
    found = headlines.states([track.status for track in edition.review.tracks], text)
    message = text._("The SLOs now: %(states)s.") % {"states": found} if found else ""
    made = numbers_table(edition.review.tracks, text)
    speech = text._("Every number is for the SLO's own window; the appendix shows how each was calculated.")
    blocks = (made, *_journeys(edition))
    return Section("numbers", text._("All numbers"), (Part("numbers", "", message, blocks, speech),))


def card(status: SloStatus, text: Text) -> Card:
    """One SLO: what is left, how it stands, how it changed within a week."""
    notes = [budgets.change_in_a_week(status.change_7d, text)] if status.change_7d is not None else []
    if status.figures.too_few_events:
        notes.append(text._("too few events to judge"))
    if status.problem is not None:
        until = text.near_moment(status.newest_data) if status.newest_data else text._("never")
        notes.append(text._("last data: %(moment)s") % {"moment": until})
    journey, slo = within_its_app(status, text.language)
    left, window = text._("budget left"), explained.window(status.slo.window, text)
    return Card(
        title=slo,
        subtitle=journey,
        state=status.figures.state,
        word=states.label(status.figures.state, text),
        main=budget_cell(status, text),
        main_label=text.listed((left, window)),
        side=sli_cell(status, text),
        side_label=text._("objective %(percent)s") % {"percent": objective_cell(status, text).shown},
        notes=tuple(notes),
        short_label=left,
        window=window,
    )


def _in_rows(statuses: Sequence[SloStatus], text: Text) -> Table:
    """What the cards say, a row for each, the worst first."""
    _ = text._
    headings = (_("SLO"), _("State"), _("Budget left"), "SLI", _("Objective"))
    rows = [
        [
            Cell(name_of(status, text)),
            state_cell(status, text),
            budget_cell(status, text),
            sli_cell(status, text),
            objective_cell(status, text),
        ]
        for status in sorted(statuses, key=_how_bad)
    ]
    return table(headings, rows, texts=2)


def _how_bad(status: SloStatus) -> tuple[int, float]:
    left = status.budget_left
    return states.ORDER.index(status.figures.state), 1.0 if left is None else left


def numbers_table(tracks: tuple[SloTrack, ...], text: Text) -> Table:
    """A row for each SLO, in the order in which they are written."""
    _ = text._
    headings = [_("SLO"), _("State"), _("Objective"), "SLI", _("Budget left"), _("Bad"), _("Allowed"), _("Valid")]
    shown = in_tables(track.status.figures.burn for track in tracks)
    headings += [_("Burn %(window)s") % {"window": text.duration(seconds)} for seconds in shown]
    return table(headings, [_row(track, shown, text) for track in tracks], texts=2)


def _row(track: SloTrack, shown: Sequence[int], text: Text) -> list[Cell]:
    status, figures = track.status, track.status.figures
    burns = [figures.burn.get(seconds) for seconds in shown]
    return [
        Cell(name_of(status, text)),
        state_cell(status, text),
        objective_cell(status, text),
        sli_cell(status, text),
        budget_cell(status, text),
        count_cell(figures.bad, text),
        count_cell(figures.allowed_bad, text),
        count_cell(figures.total, text),
        *(Cell(text.burn(rate), rate) for rate in burns),
    ]


def _states(tracks: tuple[SloTrack, ...]) -> list[State]:
    """The states that the explanation names: those that are there, worst first."""
    there = {track.status.figures.state for track in tracks if track.status.budget_left is not None}
    return [state for state in states.ORDER if state in there]


def _journeys(edition: Edition) -> list[Block]:
    """The one budget of each journey that asks for one."""
    text = edition.text
    names = apart(edition.review.app.journeys, text.language)
    rows = [
        [
            Cell(names[standing.journey.id]),
            Cell(states.label(standing.composite.state, text), None, standing.composite.state),
            Cell(text.budget(standing.composite.remaining), standing.composite.remaining, standing.composite.state),
            count_cell(standing.composite.bad, text),
            count_cell(standing.composite.allowed_bad, text),
        ]
        for standing in edition.review.journeys
        if standing.composite is not None
    ]
    _ = text._
    headings = (_("Journey as a whole"), _("State"), _("Budget left"), _("Bad"), _("Allowed"))
    return [table(headings, rows, texts=2)] if rows else []

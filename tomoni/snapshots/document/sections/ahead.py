"""What comes, what was agreed, and what does not count: forecast, policy, exclusions, notes."""

from __future__ import annotations

from tomoni.review.model import ExcludedSpan, PolicyStanding, SloTrack
from tomoni.slo.model import State
from tomoni.snapshots.document.model import Block, Cell, Listing, Paragraph, Part, Section, Stage
from tomoni.snapshots.document.sections.edition import (
    Edition,
    budget_cell,
    name_of,
    quoted_name,
    state_cell,
    table,
    worst_first,
)
from tomoni.snapshots.document.sections.meeting import step_notes
from tomoni.words.text import Text

_MOST_LISTED = 60


def ahead(edition: Edition) -> Section | None:
    """When each budget runs out or comes back, if things go on as they do."""
    text = edition.text
    tracks = [track for track in worst_first(edition.review.tracks) if track.forecast is not None]
    if not tracks:
        return None
    _ = text._
    headings = (_("SLO"), _("State"), _("At this pace"), _("Budget left"))
    rows = [
        [
            Cell(name_of(track.status, text)),
            state_cell(track.status, text),
            Cell(outlook(track, text)),
            budget_cell(track.status, text),
        ]
        for track in tracks
    ]
    speech = _("Assumes the bad ratio of the last 24 hours and the traffic of the same hours one week before.")
    part = Part("ahead", "", message(tracks, text), (table(headings, rows, texts=3),), speech, Stage.AHEAD)
    return Section("ahead", _("Upcoming"), (part,))


def outlook(track: SloTrack, text: Text) -> str:
    """When a budget runs out or comes back, in a few words."""
    forecast, state = track.forecast, track.status.figures.state
    if forecast is None or not _has_basis(track):
        return text._("no basis for a forecast")
    if state is State.EXHAUSTED:
        if forecast.recovers_at is None:
            return text._("not back within one window")
        return text._("back above zero on %(day)s") % {"day": text.day(forecast.recovers_at, year=False)}
    if forecast.exhausts_at is None:
        return text._("lasts at least one window")
    return text._("lasts until %(day)s") % {"day": text.day(forecast.exhausts_at, year=False)}


def message(tracks: list[SloTrack], text: Text) -> str:
    """The first budget to run out, else what comes back, else that all last of which that can be told."""
    ending = [t for t in tracks if t.forecast and t.forecast.exhausts_at and t.status.figures.state != State.EXHAUSTED]
    if ending:
        first = min(ending, key=lambda track: (track.forecast and track.forecast.exhausts_at) or 0)
        at = first.forecast.exhausts_at if first.forecast else None
        facts = {"slo": quoted_name(first.status, text), "day": text.day(at, year=False)}
        return text._("At this pace the budget of %(slo)s lasts until %(day)s.") % facts
    unknown = [track for track in tracks if not _has_basis(track)]
    if len(unknown) == len(tracks):
        return text._("There is no basis for a forecast.")
    if any(track.status.figures.state is State.EXHAUSTED for track in tracks):
        if unknown:
            return text._("At this pace no other budget that can be forecast runs out within its window.")
        return text._("At this pace no other budget runs out within its window.")
    if unknown:
        return text._("At this pace every budget that can be forecast lasts at least one window.")
    return text._("At this pace every budget lasts at least one window.")


def _has_basis(track: SloTrack) -> bool:
    return track.forecast is not None and track.forecast.bad_ratio is not None


def policy(edition: Edition) -> Section | None:
    """What the teams agreed to do at the budgets as they are."""
    text = edition.text
    tracks = [track for track in worst_first(edition.review.tracks) if track.policy is not None]
    worst = edition.review.policy
    if not tracks or worst is None:
        return None
    _ = text._
    headings = (_("SLO"), _("Level"), _("Since"), _("Budget left"))
    rows = [
        [
            Cell(name_of(track.status, text)),
            Cell(_level(track.policy, text)),
            Cell(_since(track.policy, text)),
            budget_cell(track.status, text),
        ]
        for track in tracks
        if track.policy is not None
    ]
    actions = worst.level.actions if worst.level is not None else ()
    listed = (Listing(tuple(action(text.language) for action in actions)),) if actions else ()
    speech = _("The policy is what both teams agreed on in advance, so that nobody has to argue about it now.")
    title = worst.policy.title(text.language)
    required = Part("policy", title, _policy_message(worst, text), listed, speech, Stage.AHEAD)
    levels = Part("policy-levels", "", "", (table(headings, rows, texts=3),))
    return Section("policy", _("Policy"), (required, levels))


def _policy_message(worst: PolicyStanding, text: Text) -> str:
    if worst.level is None:
        return text._("The policy requires nothing at the moment.")
    return text._("The policy requires: %(level)s.") % {"level": worst.level.title(text.language)}


def _level(standing: PolicyStanding, text: Text) -> str:
    return standing.level.title(text.language) if standing.level else text._("nothing required")


def _since(standing: PolicyStanding, text: Text) -> str:
    if standing.since is None:
        return text.number(None)
    day = text.day(standing.since)
    return text._("%(day)s or longer") % {"day": day} if standing.or_longer else day


def exclusions(edition: Edition) -> Section | None:
    """Time that does not count, in the period and planned ahead, with its reasons."""
    text, review = edition.text, edition.review
    past = [span for span in review.exclusions if span.start < review.end]
    planned = [span for span in review.exclusions if span.start >= review.end]
    if not review.exclusions:
        return None
    message = text._("%(length)s is excluded by agreement.") % {
        "length": text.duration(sum(span.end - span.start for span in past))
    }
    parts = [Part("exclusions", "", message, _spans(past, text))] if past else []
    if planned:
        parts.append(Part("planned", text._("Planned exclusions"), "", _spans(planned, text), stage=Stage.AHEAD))
    return Section("exclusions", text._("Exclusions"), tuple(parts))


def _spans(spans: list[ExcludedSpan], text: Text) -> tuple[Block, ...]:
    """Stretches of time with their reasons; of very many the first."""
    rows = [_span_row(span, text) for span in spans[:_MOST_LISTED]]
    listed = table((text._("Reason"), text._("When"), text._("Length")), rows, texts=2)
    left = len(spans) - _MOST_LISTED
    if left <= 0:
        return (listed,)
    return listed, Paragraph(text.n_("%(n)s more like these", "%(n)s more like these", left) % {"n": left})


def _span_row(span: ExcludedSpan, text: Text) -> list[Cell]:
    length = span.end - span.start
    reason = span.exclusion.reason(text.language)
    return [Cell(reason), Cell(text.span(span.start, span.end)), Cell(text.duration(length), length)]


def notes(edition: Edition) -> Section | None:
    """What people wrote down: a paragraph a blank line, and what was noted at each step of a meeting."""
    written = [part.strip() for part in edition.snapshot.beside.notes.replace("\r\n", "\n").split("\n\n")]
    blocks = tuple(Paragraph(part) for part in written if part)
    parts = (*((Part("notes", "", "", blocks),) if blocks else ()), *step_notes(edition))
    return Section("notes", edition.text._("Notes"), parts) if parts else None

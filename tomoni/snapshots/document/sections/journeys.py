"""A part for each journey: its sentence, the joint figure of its worst SLO, and the lines of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint
from tomoni.charts.lanes import APP_ROWS, row_keys
from tomoni.charts.marks import annotations_of
from tomoni.charts.theme import LIGHT
from tomoni.review.model import SloTrack
from tomoni.snapshots.document.model import Block, Figure, Paragraph, Part, Section, Stage, Tone
from tomoni.snapshots.document.sections.edition import Edition, name_of, quoted_name, worst_first
from tomoni.words import headlines
from tomoni.words.apart import within_its_app


def journeys(edition: Edition) -> Section | None:
    """The journeys that have SLOs. The figure that the first page shows is not repeated."""
    shown_before = {part.key for part in worst_journey(edition)} if "summary" not in edition.without else set()
    parts = [_part(edition, tracks) for tracks in _by_journey(edition)]
    found = [_without_first_figure(part) if f"worst-{part.key}" in shown_before else part for part in parts]
    there = tuple(part for part in found if part.blocks)
    return Section("journeys", edition.text._("Journeys"), there) if there else None


def worst_journey(edition: Edition) -> tuple[Part, ...]:
    """The joint figure of the journey that is worst off; none where the journeys are left out."""
    tracks = worst_first(edition.review.tracks)
    if not tracks or "journeys" in edition.without:
        return ()
    journey = tracks[0].status.journey.id
    part = _part(edition, worst_first(edition.review.tracks_of(journey)))
    figure = next(block for block in part.blocks if isinstance(block, Figure))
    return (replace(part, key=f"worst-{part.key}", blocks=(figure,), stage=Stage.JOURNEY),)


def _without_first_figure(part: Part) -> Part:
    """A part without its joint figure; nothing is left of one that has no other."""
    figures = [block for block in part.blocks if isinstance(block, Figure)]
    rest = tuple(block for block in part.blocks if block is not figures[0]) if len(figures) > 1 else ()
    return replace(part, blocks=rest, stage=None)


def _by_journey(edition: Edition) -> Iterable[list[SloTrack]]:
    """The tracks of each journey that has some, worst first."""
    for journey in edition.review.app.journeys:
        if tracks := edition.review.tracks_of(journey.id):
            yield worst_first(tracks)


def _part(edition: Edition, tracks: Sequence[SloTrack]) -> Part:
    text, journey = edition.text, tracks[0].status.journey
    about = journey.description
    blocks: list[Block] = [Paragraph(about(text.language), Tone.QUIET)] if about else []
    blocks += [_figure(edition, track, joint=n == 0) for n, track in enumerate(tracks)]
    speech = text._(
        "All lanes share one time axis. Budget left is drawn twice: from the start of the period it only "
        "falls; over the SLO's own window it rises again as bad days drop out. Shaded: times in which the "
        "budget burned."
    )
    message = headlines.journey(edition.review, journey.id, text)
    title = within_its_app(tracks[0].status, text.language)[0]
    return Part(f"journey-{journey.id}", title, message, tuple(blocks), speech, Stage.JOURNEY)


def _figure(edition: Edition, track: SloTrack, joint: bool) -> Figure:
    """The joint figure with the infra lanes that carry the journey, or the SLO's own lines alone."""
    review, text = edition.review, edition.text
    status = track.status
    lanes = review.lanes_of(status.journey.id) if joint else ()
    chosen = row_keys([lane.signal for lane in lanes]) if joint else APP_ROWS
    frame = Frame(review.start, review.end, text, LIGHT)
    name = quoted_name(status, text)
    title = text._("%(slo)s and the infrastructure behind it") % {"slo": name} if lanes else name_of(status, text)
    view = Joint(track, lanes, chosen, frame, annotations_of(track, text, events=review.events), identity=status.slo.id)
    facts = {"slo": name, "left": text.budget(status.budget_left)}
    judged = status.budget_left is not None
    alt = (
        text._("%(slo)s over time; %(left)s of its budget is left") if judged else text._("%(slo)s over time")
    ) % facts
    return Figure(f"{status.journey.id}-{status.slo.id}", title, alt, view)

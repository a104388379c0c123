"""A part for each journey: its sentence, the joint figure of its worst SLO, and the lines of the others."""

from __future__ import annotations

from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint
from tomoni.charts.lanes import APP_ROWS, row_keys
from tomoni.charts.marks import annotations_of
from tomoni.charts.theme import LIGHT
from tomoni.review.model import SloTrack
from tomoni.snapshots.document.model import Block, Figure, Paragraph, Part, Section, Tone
from tomoni.snapshots.document.sections.edition import Edition, name_of, worst_first
from tomoni.words import headlines


def journeys(edition: Edition) -> Section | None:
    """The journeys that have SLOs."""
    with_slos = [journey.id for journey in edition.review.app.journeys if edition.review.tracks_of(journey.id)]
    parts = tuple(_part(edition, journey_id) for journey_id in with_slos)
    return Section("journeys", edition.text._("Journeys"), parts) if parts else None


def _part(edition: Edition, journey_id: str) -> Part:
    review, text = edition.review, edition.text
    tracks = worst_first(review.tracks_of(journey_id))
    title = tracks[0].status.journey.title(text.language)
    about = tracks[0].status.journey.description
    blocks: list[Block] = [Paragraph(about(text.language), Tone.QUIET)] if about else []
    blocks += [_figure(edition, track, joint=n == 0) for n, track in enumerate(tracks)]
    speech = text._(
        "All lanes share one time axis. Budget left is drawn twice: from the start of the period it only "
        "falls; over the SLO's own window it rises again as bad days drop out. Shaded: times in which the "
        "budget burned."
    )
    return Part(f"journey-{journey_id}", title, headlines.journey(review, journey_id, text), tuple(blocks), speech)


def _figure(edition: Edition, track: SloTrack, joint: bool) -> Figure:
    """The joint figure with the infra lanes that carry the journey, or the SLO's own lines alone."""
    review, text = edition.review, edition.text
    status = track.status
    lanes = review.lanes_of(status.journey.id) if joint else ()
    chosen = row_keys([lane.signal for lane in lanes]) if joint else APP_ROWS
    frame = Frame(review.start, review.end, text, LIGHT)
    name = name_of(status, text)
    title = text._("%(slo)s and the infrastructure behind it") % {"slo": name} if lanes else name
    view = Joint(track, lanes, chosen, frame, annotations_of(track, text), identity=status.slo.id)
    left = text.budget(status.budget_left)
    alt = text._("%(slo)s over time; %(left)s of its budget is left") % {"slo": name, "left": left}
    return Figure(f"{status.journey.id}-{status.slo.id}", title, alt, view)

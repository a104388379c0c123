"""The chapter of deploys and other events: what happened in the period, and what burned right after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tomoni.charts.marks import shares_after
from tomoni.review.events import ReviewEvent, shown_event
from tomoni.snapshots.document.model import Block, Cell, Paragraph, Part, Section
from tomoni.snapshots.document.sections.edition import Edition, name_of, table
from tomoni.words import events as words

_MOST_LISTED = 60


def events(edition: Edition) -> Section | None:
    """What happened in the period, in order of time, with what burned within 30 minutes after; of very many the
    newest."""
    text = edition.text
    known = sorted(known_events(edition), key=lambda each: each.at)
    newest = known[-_MOST_LISTED:]
    if not newest:
        return None
    rows = [
        [Cell(words.when(each, text)), Cell(words.kind(each.what, text)), Cell(each.title), Cell(after)]
        for each, after in zip(newest, _burned_after(edition, newest), strict=True)
    ]
    heads = (text._("When"), text._("Kind"), text._("Event"), text._("Burned within 30 minutes after"))
    blocks: list[Block] = [table(heads, rows, texts=4)]
    if left := len(known) - len(newest):
        blocks.append(Paragraph(text.n_("%(n)s more like these", "%(n)s more like these", left) % {"n": left}))
    said = text._("What burned is of the SLO that spent most of its budget then: what followed, never a cause.")
    blocks.append(Paragraph(said))
    return Section("events", text._("Events"), (Part("events", "", "", tuple(blocks)),))


def known_events(edition: Edition) -> Iterator[ReviewEvent]:
    """The events that a meeting was closed with, else those of the review."""
    if edition.meeting is None:
        yield from (each for each in edition.review.events if each.at < edition.review.end)
        return
    yield from (shown_event(each.id, each.value) for each in edition.meeting.events)


def _burned_after(edition: Edition, found: Sequence[ReviewEvent]) -> Iterator[str]:
    """For each event the SLO that spent the largest share of its budget right after; nothing where none did."""
    text, tracks = edition.text, edition.review.tracks
    shares = [shares_after(track, found) for track in tracks]
    for n in range(len(found)):
        known = [(share[n] or 0.0, track) for share, track in zip(shares, tracks, strict=True) if share[n] is not None]
        most, track = max(known, key=lambda each: each[0], default=(0.0, None))
        if not known:
            yield text.number(None)
        elif not most or track is None:
            yield text._("nothing")
        else:
            facts = {"share": text.percent(most), "slo": name_of(track.status, text)}
            yield text._("%(share)s of the budget of %(slo)s") % facts

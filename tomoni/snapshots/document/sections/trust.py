"""Whether the data can be trusted: how much was seen, until when, what changed, what alerts fired."""

from __future__ import annotations

from tomoni.review.alerting import quality_of
from tomoni.review.model import SloTrack
from tomoni.slo.alert_quality import JudgedEpisode
from tomoni.snapshots.document.model import Block, Cell, Column, Listing, Paragraph, Part, Section, Table
from tomoni.snapshots.document.sections.edition import Edition, name_of, table
from tomoni.snapshots.document.sections.happened import known_events
from tomoni.words import alert_quality as words
from tomoni.words import explained, notices, states
from tomoni.words.text import Text

_MOST_FIRINGS = 40


def trust(edition: Edition) -> Section | None:
    """Coverage and age of every SLO's data, and what a reader should know of it."""
    text, tracks = edition.text, edition.review.tracks
    if not tracks:
        return None
    _ = text._
    headings = (_("SLO"), _("Source"), _("Newest data"), _("Coverage"))
    blocks: list[Block] = [table(headings, [_row(track, text) for track in tracks], texts=3)]
    remarks = [f"{name_of(t.status, text)}: {notices.describe(n, text)}" for t in tracks for n in t.status.notices]
    remarks += [_changed(track, text) for track in tracks if track.changes]
    if remarks:
        blocks.append(Listing(tuple(remarks)))
    least = min(track.status.figures.coverage for track in tracks)
    message = _("At least %(coverage)s of every window was observed.") % {"coverage": text.percent(least)}
    parts = [Part("trust", "", message, tuple(blocks), _("What was not observed counts neither as good nor as bad."))]
    fired = _alerts(edition)
    found = _fired(edition)
    return Section("trust", _("Data trust"), tuple(each for each in (*parts, fired, found) if each is not None))


def _row(track: SloTrack, text: Text) -> list[Cell]:
    status, coverage = track.status, track.status.figures.coverage
    newest = text.moment(status.newest_data)
    return [
        Cell(name_of(status, text)),
        Cell(status.slo.source),
        Cell(newest, status.newest_data),
        Cell(text.percent(coverage), coverage),
    ]


def _changed(track: SloTrack, text: Text) -> str:
    """When the definition of an SLO changed, and what of it."""
    return (
        f"{name_of(track.status, text)}: {text.listed([explained.changed(change, text) for change in track.changes])}"
    )


def _alerts(edition: Edition) -> Part | None:
    """When burn alerts fired in the period."""
    text = edition.text
    fired = [(track, firing) for track in edition.review.tracks for firing in track.firings]
    if not fired:
        return None
    rows = []
    for track, firing in sorted(fired, key=lambda found: found[1].start)[-_MOST_FIRINGS:]:
        end = text._("still firing") if firing.end is None else text.near_moment(firing.end)
        windows = f"{text.duration(firing.rule.long_seconds)} / {text.duration(firing.rule.short_seconds)}"
        rows.append(
            (
                Cell(name_of(track.status, text)),
                Cell(text.listed((text._(states.SEVERITIES[firing.rule.severity]), windows))),
                Cell(text.near_moment(firing.start), firing.start),
                Cell(end, firing.end),
                Cell(text.burn(firing.worst_burn), firing.worst_burn),
            )
        )
    _ = text._
    titles = (_("SLO"), _("Burn alert"), _("From"), _("Until"), _("Fastest burn"))
    columns = tuple(Column(title, n == 4) for n, title in enumerate(titles))
    count = text.n_("%(n)s burn alert would have fired.", "%(n)s burn alerts would have fired.", len(fired)) % {
        "n": len(fired)
    }
    return Part("alerts", _("Burn alerts"), count, (Table(columns, tuple(rows)),))


def _fired(edition: Edition) -> Part | None:
    """The alerts that fired, as senders told them, against the episodes of the period; nothing where none is known."""
    text, _ = edition.text, edition.text._
    quality = quality_of(edition.review, known_events(edition))
    if not quality.alerts:
        return None
    tracks = {track.status.path: track for track in edition.review.tracks}
    rows = [
        [
            Cell(words.named(each.alert, tracks, text)),
            Cell(words.fired(each.alert, text), each.alert.start),
            Cell(text.n_("%(n)s episode", "%(n)s episodes", each.episodes) % {"n": text.count(each.episodes)}),
        ]
        for each in quality.alerts[-_MOST_FIRINGS:]
    ]
    blocks: list[Block] = [table((_("Alert"), _("Fired"), _("Belongs to")), rows, texts=3)]
    silent = [each for each in quality.episodes if each.first is None]
    if silent:
        blocks.append(Paragraph(_("Episodes without an alert") + ":"))
        blocks.append(Listing(tuple(_silent(each, tracks, text) for each in silent[-_MOST_FIRINGS:])))
    return Part("fired", _("Alerts that fired"), words.lead(quality, text), tuple(blocks))


def _silent(each: JudgedEpisode, tracks: dict[str, SloTrack], text: Text) -> str:
    when = text.near_span(each.episode.start, each.episode.end)
    return f"{text.listed((words.slo_name(each.slo, tracks, text), when))}: {words.missed(each, text)}"

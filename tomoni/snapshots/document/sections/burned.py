"""What burned the budget, and what moved with it."""

from __future__ import annotations

from tomoni.catalog.schema import Signal
from tomoni.review.model import Burn, LetteredEpisode, Moved, SloTrack
from tomoni.snapshots.document.model import Block, Cell, Column, Paragraph, Part, Section, Table, Tone
from tomoni.snapshots.document.sections.edition import Edition, count_cell, name_of, share_cell, table, worst_first
from tomoni.snapshots.record.snapshot import EpisodeMoves
from tomoni.words.text import Text


def burned(edition: Edition) -> Section | None:
    """For each SLO that lost anything: its episodes and the background, which add up to all that was lost."""
    tracks = [track for track in worst_first(edition.review.tracks) if track.burn and track.burn.ledger.bad > 0]
    parts = tuple(_part(track, track.burn, edition.text) for track in tracks if track.burn)
    return Section("burned", edition.text._("What burned the budget"), parts) if parts else None


def _part(track: SloTrack, burn: Burn, text: Text) -> Part:
    status = track.status
    speech = text._(
        "An episode is a period in which bad events occurred at more than twice the allowed rate. Episodes "
        "and background add up to everything that was bad in the window."
    )
    key = f"burned-{status.journey.id}-{status.slo.id}"
    return Part(key, name_of(status, text), message_of(burn, text), (_table(burn, text),), speech)


def message_of(burn: Burn, text: Text) -> str:
    """Which episode cost most."""
    _ = text._
    if not burn.shown:
        return _("Nothing burned at once: everything is background.")
    worst = max(burn.shown, key=lambda found: found.episode.bad)
    episode = worst.episode
    when = text.span(episode.start, episode.end)
    if episode.share_of_budget is None:
        return _("%(letter)s had most of the bad events: %(when)s.") % {"letter": worst.letter, "when": when}
    facts = {"letter": worst.letter, "share": text.budget(episode.share_of_budget), "when": when}
    return _("%(letter)s spent %(share)s of the window's budget: %(when)s.") % facts


def _table(burn: Burn, text: Text) -> Table:
    """Episodes, what is too small to list, the background, and the sum."""
    _, ledger = text._, burn.ledger
    rows = [_row(found, text) for found in burn.shown]
    nothing = Cell("")
    if burn.others:
        several = text.n_("%(n)s smaller episode", "%(n)s smaller episodes", burn.others) % {"n": burn.others}
        shares = (share_cell(burn.others_share_of_budget, text), share_cell(burn.others_share_of_bad, text))
        rows.append((nothing, Cell(several), count_cell(burn.others_bad, text), *shares, nothing))
    shares = share_cell(ledger.background_share_of_budget, text), share_cell(ledger.background_share_of_bad, text)
    rows.append((nothing, Cell(_("background")), count_cell(ledger.background_bad, text), *shares, nothing))
    spent = ledger.bad / ledger.allowed_bad if ledger.allowed_bad else None
    whole = (share_cell(spent, text), share_cell(1.0 if ledger.bad else None, text))
    total = (nothing, Cell(_("all of it")), count_cell(ledger.bad, text), *whole, nothing)
    headings = ("", _("When"), _("Bad"), _("Of the budget"), _("Of all bad"), _("Fastest burn"))
    columns = tuple(Column(heading, n >= 2) for n, heading in enumerate(headings))
    return Table(columns, tuple(rows), total)


def _row(found: LetteredEpisode, text: Text) -> tuple[Cell, ...]:
    episode = found.episode
    return (
        Cell(found.letter),
        Cell(text.span(episode.start, episode.end)),
        count_cell(episode.bad, text),
        share_cell(episode.share_of_budget, text),
        share_cell(episode.share_of_bad, text),
        Cell(text.burn(episode.worst_burn), episode.worst_burn),
    )


def moved(edition: Edition) -> Section | None:
    """For each episode that was looked at: the signals that left their usual."""
    parts = tuple(_moves(edition, moves) for moves in edition.snapshot.beside.moves if moves.moved)
    return Section("moved", edition.text._("What moved with it"), parts) if parts else None


def _moves(edition: Edition, moves: EpisodeMoves) -> Part:
    text = edition.text
    track = next(
        track
        for track in edition.review.tracks
        if (track.status.journey.id, track.status.slo.id) == (moves.journey, moves.slo)
    )
    rows = [_moved_row(moved, text) for moved in moves.moved]
    _ = text._
    headings = (_("Signal"), _("Usual"), _("During"), _("Shift"), _("Began"), _("Points"))
    note = _("Moved together; not necessarily the cause. Compared with the same hours of the previous 7 days.")
    blocks: tuple[Block, ...] = (table(headings, rows), Paragraph(note, Tone.QUIET))
    title = f"{moves.letter} · {name_of(track.status, text)}"
    key = f"moved-{moves.journey}-{moves.slo}-{moves.letter}"
    return Part(key, title, moves_message(moves, text), blocks, note)


def moves_message(moves: EpisodeMoves, text: Text) -> str:
    """Which signals left their usual range during an episode, the farthest first."""
    moved = [found for found in moves.moved if far(found)]
    facts = {"letter": moves.letter}
    if not moved:
        return text._("No signal left its usual range during %(letter)s.") % facts
    names = text.join([text.quote(found.signal.title(text.language)) for found in moved[:3]])
    return text._("During %(letter)s, these signals moved most: %(signals)s.") % {**facts, "signals": names}


def far(found: Moved) -> bool:
    """Whether a signal left its usual: three spreads away, or off a value at which it always was."""
    movement = found.movement
    return movement.shift not in (None, 0.0) and (movement.z is None or abs(movement.z) >= 3)


def _moved_row(found: Moved, text: Text) -> list[Cell]:
    movement, signal = found.movement, found.signal
    return [
        Cell(signal.title(text.language)),
        _quantity(movement.usual, signal, text),
        _quantity(movement.during, signal, text),
        Cell(_shift(found, text), movement.z),
        Cell(_lead(movement.lead_seconds, text), movement.lead_seconds),
        Cell(text.number(movement.points_during, 0), movement.points_during),
    ]


def _quantity(value: float | None, signal: Signal, text: Text) -> Cell:
    return Cell(text.quantity(value, signal.unit.value), value)


def _shift(found: Moved, text: Text) -> str:
    """How far, in spreads of the usual; a signal that never moved before has none."""
    movement = found.movement
    if movement.shift is None:
        return text._("too few points")
    if movement.z is None:
        return text._("never moved before")
    return text._("%(n)s MAD") % {"n": ("+" if movement.z > 0 else "") + text.number(movement.z, 1)}


def _lead(seconds: int | None, text: Text) -> str:
    if seconds is None:
        return text.number(None)
    if abs(seconds) < 60:
        return text._("same time")
    length = text.duration(abs(seconds))
    phrase = text._("%(length)s before") if seconds < 0 else text._("%(length)s after")
    return phrase % {"length": length}

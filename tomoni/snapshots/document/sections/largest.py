"""What burned most of the budgets of an app, with what moved beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tomoni.review.model import LetteredEpisode, Moved, SloTrack
from tomoni.snapshots.document.model import Cell, Column, Part, Stage, Table
from tomoni.snapshots.document.sections.burned import far, message_of, moves_message
from tomoni.snapshots.document.sections.edition import Edition, name_of, quoted_name, share_cell
from tomoni.snapshots.record.snapshot import EpisodeMoves
from tomoni.words.text import Text

MOST = 5
NOTICEABLE = 0.05  # of a budget
_MOST_SIGNALS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Burner:
    """Something that spent a share of an SLO's budget: an episode, or else the background between episodes."""

    track: SloTrack
    share: float
    found: LetteredEpisode | None
    moves: EpisodeMoves | None = None


def largest(edition: Edition) -> list[Burner]:
    """What spent most, the largest share first. Episodes that touch each other in one journey are named once:
    the same signals moved with them."""
    burners: list[Burner] = []
    for burner in sorted(_all(edition), key=lambda each: -each.share):
        if len(burners) < MOST and not any(_together(burner, other) for other in burners):
            burners.append(burner)
    return burners


def burned_most(edition: Edition) -> tuple[Part, ...]:
    """The largest of all SLOs in one table; nothing where nothing noticeable burned."""
    burners, text = largest(edition), edition.text
    if not burners or "burned" in edition.without:
        return ()
    _ = text._
    columns = (
        Column(""),
        Column(_("SLO")),
        Column(_("When")),
        Column(_("Of the budget"), numeric=True),
        Column(_("Moved with it")),
    )
    made = Table(columns, tuple(_row(burner, text) for burner in burners))
    note = _("Moved together; not necessarily the cause. Compared with the same hours of the previous 7 days.")
    return (Part("largest", _("What burned the budget"), _message(burners, text), (made,), note, Stage.BURNED),)


def _all(edition: Edition) -> Iterable[Burner]:
    moves = {(each.journey, each.slo, each.letter): each for each in edition.snapshot.beside.moves}
    for track in edition.review.tracks:
        path = track.status.journey.id, track.status.slo.id
        for found in track.burn.shown if track.burn else ():
            if (found.episode.share_of_budget or 0.0) > 0:
                yield Burner(track, found.episode.share_of_budget or 0.0, found, moves.get((*path, found.letter)))
        background = track.burn.ledger.background_share_of_budget if track.burn else None
        if background is not None and background >= NOTICEABLE:
            yield Burner(track, background, None)


def _together(burner: Burner, other: Burner) -> bool:
    if burner.found is None or other.found is None:
        return False
    one, two = burner.found.episode, other.found.episode
    same = burner.track.status.journey.id == other.track.status.journey.id
    return same and one.start < two.end and two.start < one.end


def _row(burner: Burner, text: Text) -> tuple[Cell, ...]:
    episode = burner.found.episode if burner.found else None
    return (
        Cell(burner.found.letter if burner.found else ""),
        Cell(name_of(burner.track.status, text)),
        Cell(text.near_span(episode.start, episode.end) if episode else text._("background")),
        share_cell(burner.share, text),
        Cell(_moved(burner, text)),
    )


def _moved(burner: Burner, text: Text) -> str:
    """The signals that left their usual range, each with its usual value and that of the episode."""
    if burner.moves is None:
        return text.number(None)
    signals = [f"{each.signal.title(text.language)} {_change(each, text)}" for each in burner.moves.moved if far(each)]
    return "\n".join(signals[:_MOST_SIGNALS]) or text._("nothing unusual")


def _change(moved: Moved, text: Text) -> str:
    unit, movement = moved.signal.unit.value, moved.movement
    change = f"{text.quantity(movement.usual, unit)} → {text.quantity(movement.during, unit)}"
    return change.replace(" ", "\u00a0")  # stays on one line


def _message(burners: Sequence[Burner], text: Text) -> str:
    """What the largest of them was, and what moved with it."""
    worst = burners[0]
    if worst.found is None or worst.track.burn is None:
        facts = {"slo": quoted_name(worst.track.status, text), "share": text.budget(worst.share)}
        return text._("The background of %(slo)s, a little at a time, spent %(share)s of its budget.") % facts
    return moves_message(worst.moves, text) if worst.moves else message_of(worst.track.burn, text)

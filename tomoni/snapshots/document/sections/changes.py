"""Two snapshots compared, and many in a row: what changed, in sentences, the most important first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tomoni.review.model import PolicyStanding, Review, SloStatus
from tomoni.slo.model import VERDICTS
from tomoni.snapshots.document.model import (
    Block,
    Cell,
    Document,
    Listing,
    Multiples,
    Panel,
    Paragraph,
    Part,
    Section,
    Stage,
    Table,
    Tone,
)
from tomoni.snapshots.document.sections.agreed import agreed
from tomoni.snapshots.document.sections.edition import budget_cell, name_of, quoted_name, sli_cell, table
from tomoni.snapshots.record.comparing import Change, Comparison, Kind, Year
from tomoni.words import notices, periods, states
from tomoni.words.since import Changes
from tomoni.words.text import Text, mark, text_for

_SENTENCES: Mapping[Kind, str] = {
    Kind.STATE_WORSE: mark("%(slo)s went from %(was)s to %(now)s."),
    Kind.STATE_BETTER: mark("%(slo)s recovered from %(was)s to %(now)s."),
    Kind.OBJECTIVE: mark("The objective of %(slo)s changed from %(was)s to %(now)s."),
    Kind.DEFINITION: mark("The definition of %(slo)s changed; compare its numbers with care."),
    Kind.SLO_ADDED: mark("%(slo)s is new; %(now)s of its budget is left."),
    Kind.SLO_GONE: mark("%(slo)s no longer exists."),
    Kind.BUDGET_DOWN: mark("%(slo)s is down to %(now)s of its budget, from %(was)s."),
    Kind.BUDGET_UP: mark("%(slo)s is back up to %(now)s of its budget, from %(was)s."),
    Kind.NOTICE: mark("%(slo)s: %(notice)s"),
    Kind.SIGNAL_ADDED: mark("The signal %(signal)s is new."),
    Kind.SIGNAL_GONE: mark("The signal %(signal)s no longer exists."),
}

_NEW = mark("%(slo)s is new.")  # of one without a verdict
_OF_STATE = (Kind.STATE_WORSE, Kind.STATE_BETTER)


def comparison(compared: Comparison, language: str, row: Year | None = None) -> Document:
    """A document of what changed; with ``row`` also of all snapshots between and before."""
    after = compared.after.review
    text = text_for(language, after.app.timezone)
    sections = [_changes(compared, text), *_agreed(compared, text), _both(compared, text)]
    if row is not None and len(row.snapshots) > 1:
        sections.append(in_a_row(row, text))
    first, last = _both_when(compared, text)
    return Document(
        title=after.app.title(text.language) or after.app.id,
        lead=text._("%(first)s compared with %(last)s") % {"first": first, "last": last},
        languages=(text.language,),
        sections=tuple(sections),
        marks=(f"Tomoni {compared.after.origin.product}", compared.before.hash, compared.after.hash),
    )


def sentence(change: Change, text: Text, name: Callable[[SloStatus, Text], str] = name_of) -> str:
    """One change in a sentence, in which ``name`` is how the SLO is called."""
    slo = text.quote(name(change.status, text)) if change.status else ""
    facts = {"signal": text.quote(change.signal) if change.signal else "", "slo": slo, "notice": ""}
    for fact, status in (("was", change.before), ("now", change.after)):
        facts[fact] = "" if status is None else _told(change.kind, status, text)
    if change.notice is not None:
        facts["notice"] = notices.describe(change.notice, text)
    return text._(_phrase(change)) % facts


def since(
    changes: Sequence[Change],
    policy: tuple[PolicyStanding | None, PolicyStanding | None] | None,
    actions: tuple[int, int, int],
    text: Text,
) -> Changes:
    """Changes since a review in sentences, beside where the policy stood and stands, and how many actions are new, done
    and dropped since."""
    added, done, dropped = actions
    verdicts = [sentence(change, text) for change in changes if change.kind in _OF_STATE]
    others = [sentence(change, text) for change in changes if change.kind not in _OF_STATE]
    return Changes(verdicts, others, policy, added, done, dropped)


def _phrase(change: Change) -> str:
    """Nothing recovers from what was no verdict."""
    before = change.before.figures.state if change.before else None
    if change.kind is Kind.STATE_BETTER and before not in VERDICTS:
        return _SENTENCES[Kind.STATE_WORSE]
    if change.kind is Kind.SLO_ADDED and change.after and change.after.budget_left is None:
        return _NEW
    return _SENTENCES[change.kind]


def _told(kind: Kind, status: SloStatus, text: Text) -> str:
    if kind in _OF_STATE:
        return states.label(status.figures.state, text)
    if kind is Kind.OBJECTIVE:
        objective = status.slo.objective
        return text.objective(objective.percent if objective else None)
    return text.budget(status.budget_left)


def _when(review: Review, text: Text) -> str:
    return text.day(review.as_of) if review.period is None else periods.title(review.period, text)


def _both_when(compared: Comparison, text: Text) -> tuple[str, str]:
    """The days of both, or their moments when they are of one day."""
    reviews = compared.before.review, compared.after.review
    first, last = (_when(review, text) for review in reviews)
    return (first, last) if first != last else (text.moment(reviews[0].as_of), text.moment(reviews[1].as_of))


def _changes(compared: Comparison, text: Text) -> Section:
    sentences = [sentence(change, text) for change in compared.changes]
    blocks: list[Block] = [Listing(tuple(sentences[1:]))] if len(sentences) > 1 else []
    if compared.unchanged:
        names = text.listed([quoted_name(status, text) for status in compared.unchanged])
        blocks.append(Paragraph(text._("Unchanged: %(slos)s.") % {"slos": names}, Tone.QUIET))
    message = sentences[0] if sentences else text._("There are no notable changes.")
    part = Part("changes", "", message, tuple(blocks), stage=Stage.OPENING)
    return Section("changes", text._("What changed"), (part,))


def _agreed(compared: Comparison, text: Text) -> list[Section]:
    """Decisions and actions that differ; no section without any."""
    lines = agreed(compared, text)
    part = Part("agreed", "", "", (Listing(tuple(lines)),))
    return [Section("agreed", text._("What was agreed otherwise"), (part,))] if lines else []


def _both(compared: Comparison, text: Text) -> Section:
    """The numbers of both, side by side."""
    was = {_path(t.status): t.status for t in compared.before.review.tracks}
    now = {_path(t.status): t.status for t in compared.after.review.tracks}
    rows = [_row(was.get(path), now.get(path), text) for path in {**now, **was}]
    _ = text._
    first, last = _both_when(compared, text)
    headings = ["SLO", text.listed(("SLI", first)), text.listed(("SLI", last))]
    left = _("Budget left")
    headings += [text.listed((left, first)), text.listed((left, last)), _("Change, in points")]
    made: Table = table(headings, rows)
    return Section("both", _("Side by side"), (Part("both", "", "", (made,)),))


def _row(was: SloStatus | None, now: SloStatus | None, text: Text) -> list[Cell]:
    nothing = Cell(text.number(None))
    known = now or was
    left = [None if status is None else status.budget_left for status in (was, now)]
    moved = None if left[0] is None or left[1] is None else left[1] - left[0]
    return [
        Cell(name_of(known, text) if known else ""),
        *(sli_cell(status, text) if status else nothing for status in (was, now)),
        *(budget_cell(status, text) if status else nothing for status in (was, now)),
        Cell(text.points(moved), moved),
    ]


def in_a_row(row: Year, text: Text) -> Section:
    """What was left of each budget in each of the snapshots, as small multiples."""
    newest = {_path(t.status): t.status for snapshot in row.snapshots for t in snapshot.review.tracks}
    days = [_when(snapshot.review, text) for snapshot in row.snapshots]
    panels = tuple(
        Panel(
            title=name_of(newest[path], text),
            points=tuple((day, Cell(text.budget(left), left)) for day, left in zip(days, remaining, strict=True)),
            state=newest[path].figures.state,
        )
        for path, remaining in row.remaining.items()
    )
    count = text.n_("%(n)s snapshot", "%(n)s snapshots", len(row.snapshots)) % {"n": len(row.snapshots)}
    facts = {"snapshots": count, "first": days[0], "last": days[-1]}
    message = text._("Budget left of each SLO: %(snapshots)s from %(first)s to %(last)s.") % facts
    return Section("row", text._("One after the other"), (Part("row", "", message, (Multiples(panels),)),))


def _path(status: SloStatus) -> str:
    return f"{status.journey.id}/{status.slo.id}"

"""What a review meeting decided, agreed to do, learned and left open; nothing for a snapshot of no meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tomoni.meetings.model import Action, ActionState, Choice, Decision, QuestionState
from tomoni.snapshots.document.model import Block, Cell, Column, Listing, Part, Prose, Section, Stage, Table
from tomoni.snapshots.document.sections.edition import Edition, name_of, share_cell, table
from tomoni.snapshots.record.meeting import FrozenAction, FrozenIncident, FrozenQuestion, MeetingRecord
from tomoni.words import choices
from tomoni.words.text import Text

_NEXT = (QuestionState.OPEN, QuestionState.PARKED)


def decided(edition: Edition) -> Section | None:
    """The decisions in force, and what was concluded of each objective."""
    held = edition.meeting
    if held is None:
        return None
    parts = [part for part in (_decisions(edition, held), _conclusions(edition, held)) if part]
    if not parts:
        parts = [Part("decided", "", edition.text._("Nothing was decided."), (), stage=Stage.DECISION)]
    return Section("decided", edition.text._("What was decided"), tuple(parts))


def _decisions(edition: Edition, held: MeetingRecord) -> Part | None:
    text, _ = edition.text, edition.text._
    if not held.decisions:
        return None
    rows = [
        [
            Cell(each.value.text),
            Cell(_standing(each.value, each.value.meeting == held.id, text)),
            Cell(day_of(each.value.until, edition) if each.value.until else _("until superseded")),
            Cell(each.value.reason),
        ]
        for each in held.decisions
    ]
    count = text.n_("%(n)s decision is in force.", "%(n)s decisions are in force.", len(rows)) % {"n": len(rows)}
    made = table((_("Decision"), _("Kind"), _("Until"), _("Because")), rows, texts=4)
    return Part("decisions", _("Decisions"), count, (made,), stage=Stage.DECISION)


def _standing(decision: Decision, own: bool, text: Text) -> str:
    kind = choices.decision(decision.what, text)
    return kind if own else text._("%(kind)s, from an earlier review") % {"kind": kind}


def _conclusions(edition: Edition, held: MeetingRecord) -> Part | None:
    text, _ = edition.text, edition.text._
    rows = [
        [Cell(slo_name(each.value.slo, edition)), Cell(choices.choice(each.value.choice, text)), Cell(each.value.text)]
        for each in held.conclusions
        if each.value.choice is not Choice.NOT_DISCUSSED
    ]
    if not rows:
        return None
    kept = sum(each.value.choice is Choice.KEPT for each in held.conclusions)
    phrase = text._("Kept as they are: %(kept)s of %(n)s objectives.")
    made = table((_("SLO"), _("Conclusion"), _("Note")), rows, texts=3)
    message = phrase % {"kept": text.number(kept, 0), "n": text.number(len(rows), 0)}
    return Part("conclusions", _("Objectives"), message, (made,), stage=Stage.DECISION)


def actions(edition: Edition) -> Section | None:
    """Who does what by when; open ones first, then what ended since the review before."""
    held = edition.meeting
    if held is None:
        return None
    text, _ = edition.text, edition.text._
    listed = sorted(held.actions, key=_urgency)
    blocks: tuple[Block, ...] = (actions_table(edition, listed),) if listed else ()
    part = Part("actions", "", actions_message(edition, held), blocks, stage=Stage.ACTIONS)
    return Section("actions", text._("Actions"), (part,))


def _urgency(action: FrozenAction) -> tuple[bool, date]:
    return action.value.state is not ActionState.OPEN, action.value.due or date.max


def actions_message(edition: Edition, held: MeetingRecord) -> str:
    """How many actions are open, and how many of them are past due."""
    text, today = edition.text, closing_day(edition, held)
    still = [each.value for each in held.actions if each.value.state is ActionState.OPEN]
    late = sum(action.due is not None and action.due < today for action in still)
    count = text.n_("%(n)s action is open.", "%(n)s actions are open.", len(still)) % {"n": text.number(len(still), 0)}
    past = text.n_("%(n)s is past due.", "%(n)s are past due.", late) % {"n": text.number(late, 0)} if late else ""
    return text.sentences(*(part for part in (count, past) if part))


def actions_table(edition: Edition, listed: Sequence[FrozenAction]) -> Table:
    """Actions by what, which team, until when, and what became of them."""
    _ = edition.text._
    rows = [
        [
            Cell(each.value.text),
            Cell(each.value.team),
            Cell(day_of(each.value.due, edition)),
            Cell(_became(each.value, edition.text)),
            Cell(each.value.ticket),
        ]
        for each in listed
    ]
    return table((_("Action"), _("Team"), _("Due"), _("State"), _("Ticket")), rows, texts=5)


def _became(action: Action, text: Text) -> str:
    word = choices.action(action.state, text)
    return f"{word}: {action.reason}" if action.reason else word


def incidents(edition: Edition) -> Section | None:
    """The incidents of the period with what they cost, what episodes go with, and what was learned."""
    held = edition.meeting
    if held is None:
        return None
    found = (_incidents(edition, held), _reasons(edition, held), _learned(edition, held))
    parts = tuple(part for part in found if part)
    return Section("incidents", edition.text._("Incidents"), parts) if parts else None


def _incidents(edition: Edition, held: MeetingRecord) -> Part | None:
    text, _, found = edition.text, edition.text._, held.incidents_of_period
    rows = [row for each in found for row in _priced_rows(each, edition)]
    if not rows:
        return None
    columns = (Column(_("Incident")), Column(_("When")), Column(_("SLO")), Column(_("Bad"), True))
    made = Table((*columns, Column(_("Of the budget"), True)), tuple(rows))
    links = [f"{link.title}: {link.url}" for each in found for link in each.value.links]
    count = text.n_("%(n)s incident in the period.", "%(n)s incidents in the period.", len(found))
    blocks = (made, *((Listing(tuple(links)),) if links else ()))
    return Part("incidents", "", count % {"n": text.number(len(found), 0)}, blocks)


def _priced_rows(incident: FrozenIncident, edition: Edition) -> Iterable[tuple[Cell, ...]]:
    """A row for each SLO that it cost something; one alone where it cost nothing."""
    text, value = edition.text, incident.value
    names = Cell(value.title), Cell(text.span(value.start, value.end))
    cost = [price for price in incident.prices if price.bad]
    if not cost:
        yield *names, Cell(text._("no bad events")), Cell(text.count(0), 0.0), Cell("")
    for price in cost:
        said = Cell(slo_name(price.slo, edition)), Cell(text.count(price.bad), price.bad)
        yield *names, *said, share_cell(price.share_of_budget, text)
        names = Cell(""), Cell("")


def _reasons(edition: Edition, held: MeetingRecord) -> Part | None:
    text, _ = edition.text, edition.text._
    titles = {each.id: each.value.title for each in held.incidents} | {
        each.id: each.value.title for each in held.events
    }
    rows = [
        [
            Cell(text.span(each.value.start, each.value.end)),
            Cell(slo_name(each.value.slo, edition)),
            Cell(choices.reason(each.value.reason, text)),
            Cell(" – ".join(dict.fromkeys(part for part in (titles.get(each.value.ref), each.value.text) if part))),
        ]
        for each in held.reasons
    ]
    made = table((_("Episode"), _("SLO"), _("Goes with"), _("Note")), rows, texts=4)
    return Part("reasons", _("What the episodes go with"), "", (made,)) if rows else None


def _learned(edition: Edition, held: MeetingRecord) -> Part | None:
    items = tuple(": ".join(filter(None, (e.value.title, ", ".join(e.value.factors)))) for e in held.postmortems)
    return Part("postmortems", edition.text._("Postmortems"), "", (Listing(items),)) if items else None


def questions(edition: Edition) -> Section | None:
    """What was asked: the open questions first, then those with answers."""
    held = edition.meeting
    if held is None or not held.questions:
        return None
    text, _ = edition.text, edition.text._
    still = open_questions(held)
    listed = [*still, *(each for each in held.questions if each not in still)]
    rows = [
        [Cell(each.value.text), Cell(choices.question(each.value.state, text)), Cell(each.value.answer)]
        for each in listed
    ]
    count = text.n_("%(n)s question is open.", "%(n)s questions are open.", len(still))
    made = table((_("Question"), _("State"), _("Answer")), rows, texts=3)
    part = Part("questions", "", count % {"n": text.number(len(still), 0)}, (made,))
    return Section("questions", _("Questions"), (part,))


def open_questions(held: MeetingRecord) -> list[FrozenQuestion]:
    """The questions that are still to be answered."""
    return [each for each in held.questions if each.value.state in _NEXT]


def risks(edition: Edition) -> Section | None:
    """The risks of the app as they were kept."""
    held, text = edition.meeting, edition.text
    if held is None or not held.risks:
        return None
    _ = text._
    rows = [
        [
            Cell(each.value.title),
            Cell(_("accepted") if each.value.accepted else ""),
            Cell(text.duration(each.value.detect_minutes * 60), each.value.detect_minutes * 60),
            Cell(text.duration(each.value.repair_minutes * 60), each.value.repair_minutes * 60),
            Cell(text.percent(each.value.share_of_users), each.value.share_of_users),
            Cell(text.number(each.value.days_between), each.value.days_between),
        ]
        for each in held.risks
    ]
    headings = (_("Risk"), "", _("Detect"), _("Repair"), _("Share of users"), _("Days between"))
    return Section("risks", _("Risks"), (Part("risks", "", "", (table(headings, rows, texts=2),)),))


def step_notes(edition: Edition) -> tuple[Part, ...]:
    """What was noted at each step, in the order of the steps."""
    held = edition.meeting
    order = {step: n for n, step in enumerate(choices.STEPS)}
    written = sorted(held.notes, key=lambda each: order.get(each.step, len(order))) if held else []
    return tuple(
        Part(
            f"notes-{each.step}",
            choices.step(each.step, edition.text),
            "",
            (Prose(each.text, edition.text.language),),
        )
        for each in written
    )


def slo_name(path: str, edition: Edition) -> str:
    """The name of an SLO of the review by its path; the path of one that is not in it."""
    known = {track.status.path: track.status for track in edition.review.tracks}
    return name_of(known[path], edition.text) if path in known else path


def day_of(day: date | None, edition: Edition) -> str:
    """A day, without time or zone."""
    noon = datetime.combine(day, time(12), ZoneInfo(edition.review.app.timezone)) if day else None
    return edition.text.day(noon.timestamp()) if noon else ""


def closing_day(edition: Edition, held: MeetingRecord) -> date:
    """The day on which the meeting closed, by the clocks of the app."""
    moment = held.value.closed_at or edition.review.as_of
    return datetime.fromtimestamp(moment, ZoneInfo(edition.review.app.timezone)).date()

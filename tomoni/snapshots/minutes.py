"""The minutes of a review meeting on one page: what was seen, what was decided, which team does what by when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tomoni.meetings.model import ActionState, Choice
from tomoni.review.model import SloStatus
from tomoni.snapshots.document.contents import lead
from tomoni.snapshots.document.model import Document, Listing, Part, Section
from tomoni.snapshots.document.sections.edition import Edition, name_of, objective_cell, worst_first
from tomoni.snapshots.document.sections.meeting import (
    actions_message,
    day_of,
    open_questions,
    slo_name,
)
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import export_document, stem_of
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.meeting import FrozenAction, FrozenIncident, MeetingRecord
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.words import choices, headlines, states
from tomoni.words.text import Text, text_for

FORMATS = ("md", "html", "pdf")
# Of each list: the minutes are one page.
_MOST = 10
_MOST_SLOS = 8
_MOST_ASIDE = 5


def minutes(snapshot: Snapshot, language: str) -> Document:
    """The minutes in one language. Raises ValueError for a snapshot of no meeting."""
    held, review = snapshot.beside.meeting, snapshot.review
    if held is None:
        raise ValueError("the snapshot is of no meeting")
    text = text_for(language, review.app.timezone)
    edition = Edition(snapshot, text)
    title = text._("%(app)s: minutes of the review") % {"app": review.app.title(language) or review.app.id}
    made = (_seen(edition, held), _decided(edition, held), _actions(edition, held), *_questions(edition, held))
    sections = tuple(section for section in made if section)
    return Document(title, lead(snapshot, text), (language,), sections, _marks(snapshot, held, text))


def as_text(snapshot: Snapshot, language: str, draft: bool = False) -> str:
    """The minutes as Markdown, to paste into a chat or a wiki; those of a ``draft`` name no hash."""
    from tomoni.snapshots.exporters.markdown import to_paste  # noqa: PLC0415

    made = minutes(snapshot, language)
    return to_paste(replace(made, marks=made.marks[:-1]) if draft else made)


def export_minutes(
    snapshot: Snapshot, formats: Collection[str], folder: Path, language: str, printer: ChromiumPrinter | None = None
) -> list[Path]:
    """Writes the minutes in some formats. Raises SnapshotError, and ValueError for a snapshot of no meeting."""
    make_folder(folder)
    place = folder / f"{stem_of(snapshot.review)}-minutes"
    files: list[Path] = []
    for name in formats:
        if name == "md":
            files.append(write_bytes(place.with_name(f"{place.name}.md"), as_text(snapshot, language).encode()))
        else:
            shown = minutes(snapshot, language)
            files += export_document(shown, manifest(snapshot), place, [name], printer)
    return files


def _seen(edition: Edition, held: MeetingRecord) -> Section:
    text, review = edition.text, edition.review
    statuses = [track.status for track in worst_first(review.tracks)]
    lines = [_slo_line(status, text) for status in statuses[:_MOST_SLOS]]
    lines += [*_more(len(statuses) - _MOST_SLOS, text)]
    incidents = [_incident_line(each, edition) for each in held.incidents_of_period[:_MOST_ASIDE]]
    incidents += _more(len(held.incidents_of_period) - _MOST_ASIDE, text)
    opening = Part("seen", "", headlines.app(review, text), _listing(lines))
    burned = Part("seen-incidents", text._("Incidents"), "", _listing(incidents))
    return Section("seen", text._("What was seen"), (opening, *([burned] if incidents else [])))


def _slo_line(status: SloStatus, text: Text) -> str:
    facts = {
        "state": states.word(status.figures.state, text),
        "slo": name_of(status, text),
        "left": text.budget(status.budget_left),
        "sli": text.sli(status.figures.sli),
        "objective": objective_cell(status, text).shown,
    }
    return text._("%(slo)s: %(state)s · %(left)s of the budget left · %(sli)s, objective %(objective)s") % facts


def _incident_line(incident: FrozenIncident, edition: Edition) -> str:
    """An incident with the SLO that it cost most."""
    text, value = edition.text, incident.value
    said = f"{value.title} · {text.near_span(value.start, value.end)}"
    priced = [price for price in incident.prices if price.share_of_budget]
    if not priced:
        return said
    worst = max(priced, key=lambda price: price.share_of_budget or 0.0)
    facts = {"share": text.budget(worst.share_of_budget), "slo": text.quote(slo_name(worst.slo, edition))}
    return f"{said}: " + text._("%(share)s of the budget of %(slo)s") % facts


def _decided(edition: Edition, held: MeetingRecord) -> Section:
    text = edition.text
    lines = [*_decision_lines(edition, held), *_conclusion_lines(edition, held)]
    said = lines[:_MOST] or [text._("Nothing was decided.")]
    lines = [*said, *_more(len(lines) - _MOST, text)]
    return Section("decided", text._("What was decided"), (Part("decided", "", "", _listing(lines)),))


def _decision_lines(edition: Edition, held: MeetingRecord) -> Iterable[str]:
    """What this meeting decided; what an earlier one did is in the snapshot."""
    text = edition.text
    for value in (each.value for each in held.decisions if each.value.meeting == held.id):
        until = text._("until %(day)s") % {"day": day_of(value.until, edition)} if value.until else ""
        yield " · ".join(part for part in (value.text, until, value.reason) if part)


def _conclusion_lines(edition: Edition, held: MeetingRecord) -> Iterable[str]:
    """What is to change first, then in one line what stays."""
    found = [each.value for each in held.conclusions if each.value.choice is not Choice.NOT_DISCUSSED]
    kept = [each for each in found if each.choice is Choice.KEPT]
    for value in (each for each in found if each.choice is not Choice.KEPT):
        name = slo_name(value.slo, edition)
        said = " – ".join(part for part in (choices.choice(value.choice, edition.text), value.text) if part)
        yield edition.text._("%(name)s: %(value)s") % {"name": name, "value": said}
    if kept:
        names = edition.text.join([edition.text.quote(slo_name(each.slo, edition)) for each in kept[:_MOST]])
        yield edition.text._("Kept as they are: %(slos)s") % {"slos": names}


def _actions(edition: Edition, held: MeetingRecord) -> Section:
    text = edition.text
    still = [each for each in held.actions if each.value.state is ActionState.OPEN]
    listed = sorted(still, key=lambda each: each.value.due or date.max)
    lines = [*(_action_line(each, edition) for each in listed[:_MOST]), *_more(len(listed) - _MOST, text)]
    part = Part("actions", "", actions_message(edition, held), _listing(lines))
    return Section("actions", text._("Who does what by when"), (part,))


def _action_line(action: FrozenAction, edition: Edition) -> str:
    value, text = action.value, edition.text
    by = text._("by %(day)s") % {"day": day_of(value.due, edition)} if value.due else text._("no date yet")
    facts = {"team": value.team or text._("no team yet"), "by": by, "what": value.text}
    return text._("%(team)s, %(by)s: %(what)s") % facts + (f" · {value.ticket}" if value.ticket else "")


def _questions(edition: Edition, held: MeetingRecord) -> Iterable[Section | None]:
    """What was answered, and what is still open."""
    text, answered = edition.text, [each.value for each in held.questions if each.value.answer]
    lines = [" – ".join((each.text, each.answer)) for each in answered]
    still = [each.value.text for each in open_questions(held)]
    for key, name, found in (
        ("answered", text._("Questions and answers"), lines),
        ("questions", text._("Open questions"), still),
    ):
        listed = [*found[:_MOST_ASIDE], *_more(len(found) - _MOST_ASIDE, text)]
        yield Section(key, name, (Part(key, "", "", _listing(listed)),)) if found else None


def _marks(snapshot: Snapshot, held: MeetingRecord, text: Text) -> tuple[str, ...]:
    following = text._("next review %(moment)s") % {"moment": text.moment(held.next_at)} if held.next_at else ""
    return tuple(part for part in (following, f"Tomoni {snapshot.origin.product}", snapshot.hash) if part)


def _listing(lines: Sequence[str]) -> tuple[Listing, ...]:
    return (Listing(tuple(lines)),) if lines else ()


def _more(left: int, text: Text) -> Iterable[str]:
    """How many did not fit on the page."""
    if left > 0:
        yield text.n_("%(n)s more in the snapshot", "%(n)s more in the snapshot", left) % {"n": left}

"""From a snapshot to a document: which chapters there are, in which order, and which are left out."""

from __future__ import annotations

from collections.abc import Callable, Collection

from tomoni.snapshots.document.model import Document, Section
from tomoni.snapshots.document.sections.ahead import ahead, exclusions, notes, policy
from tomoni.snapshots.document.sections.appendix import appendix
from tomoni.snapshots.document.sections.burned import burned, moved
from tomoni.snapshots.document.sections.decisions import decide
from tomoni.snapshots.document.sections.edition import Edition
from tomoni.snapshots.document.sections.happened import events
from tomoni.snapshots.document.sections.journeys import journeys
from tomoni.snapshots.document.sections.meeting import actions, decided, incidents, questions, risks
from tomoni.snapshots.document.sections.parts import parts
from tomoni.snapshots.document.sections.profile import profile
from tomoni.snapshots.document.sections.summary import numbers, summary
from tomoni.snapshots.document.sections.tried import tried
from tomoni.snapshots.document.sections.trust import trust
from tomoni.snapshots.document.sections.year import lead as year_lead
from tomoni.snapshots.document.sections.year import year
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.words import meeting, periods
from tomoni.words.text import Text, text_for

# A chapter joins by a line here; what it has nothing to say of, it leaves out.
CHAPTERS: dict[str, Callable[[Edition], Section | None]] = {
    "year": year,
    "summary": summary,
    "decide": decide,
    "tried": tried,
    "decided": decided,
    "actions": actions,
    "incidents": incidents,
    "questions": questions,
    "journeys": journeys,
    "burned": burned,
    "parts": parts,
    "moved": moved,
    "ahead": ahead,
    "risks": risks,
    "policy": policy,
    "exclusions": exclusions,
    "events": events,
    "notes": notes,
    "profile": profile,
    "numbers": numbers,
    "trust": trust,
    "appendix": appendix,
}


def document(snapshot: Snapshot, language: str, without: Collection[str] = ()) -> Document:
    """A snapshot in one language, with times in the app's zone. ``without`` names chapters to leave out."""
    review = snapshot.review
    text = text_for(language, review.app.timezone)
    edition = Edition(snapshot, text, frozenset(without))
    made = (build(edition) for key, build in CHAPTERS.items() if key not in without)
    return Document(
        title=review.app.title(text.language) or review.app.id,
        lead=_lead(snapshot, text),
        languages=(text.language,),
        sections=tuple(section for section in made if section is not None),
        marks=(f"Tomoni {snapshot.origin.product}", snapshot.hash),
    )


def _lead(snapshot: Snapshot, text: Text) -> str:
    record = snapshot.beside.year
    said = lead(snapshot, text)
    return said if record is None else f"{year_lead(record, text)} · {said}"


def lead(snapshot: Snapshot, text: Text) -> str:
    """The app, the period and the moment of the review, and which meeting the one that was frozen corrects."""
    review, held = snapshot.review, snapshot.beside.meeting
    teams = text.join(list(dict.fromkeys(review.app.teams.values())))
    as_of = text._("as of %(moment)s") % {"moment": text.near_moment(review.as_of)}
    corrects = meeting.correction(held.value, text) if held else ""
    return " · ".join(part for part in (teams, periods.of_review(review, text), as_of, corrects) if part)

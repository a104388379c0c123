"""What was tried in the workshop: what each candidate would have meant beside what is agreed, and its lines."""

from __future__ import annotations

from tomoni.snapshots.document.model import Block, Cell, Listing, Paragraph, Part, Query, Section, Stage, Tone
from tomoni.snapshots.document.sections.edition import Edition, table
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.words import workshop as words


def tried(edition: Edition) -> Section | None:
    """The candidates; nothing where none were tried."""
    held, text = edition.snapshot.beside.workshop, edition.text
    if held is None or not held.tried:
        return None
    names = [words.name(each, text) for each in held.tried]
    rows = [[Cell(cell) for cell in row] for row in words.rows(held.tried, edition.review.app.policy, text)]
    made: list[Block] = [table((text._("What it would have meant"), *names), rows, texts=1)]
    if held.suggested is not None:
        over = words.begun_over(held.tried, text)
        where = text._("Where to begin")
        made.append(Paragraph(f"{where} ({over})", Tone.QUIET))
        made.append(Listing(tuple(words.suggestions(held.suggested, text))))
    if held.sli:
        made.append(Query(text._("SLI"), held.sli))
    made += [Query(text._("For the app's file"), lines) for lines in held.yaml]
    history = words.history(held.tried[0].trial, text)
    part = Part("tried", words.heading(_title(edition, held), text), history, tuple(made), stage=Stage.DECISION)
    return Section("tried", text._("What was tried"), (part,))


def _title(edition: Edition, held: WorkshopRecord) -> str:
    """The SLO that was tried on by its title."""
    language, app = edition.text.language, edition.review.app
    slos = (slo for journey in app.journeys if journey.id == held.journey for slo in journey.slos)
    found = next((slo for slo in slos if slo.id == held.slo), None)
    return found.title(language) if found else ""

"""What both teams know about the app besides what is measured."""

from __future__ import annotations

from tomoni.snapshots.document.model import Cell, Facts, Part, Section
from tomoni.snapshots.document.sections.edition import Edition
from tomoni.words.profiles import APP_QUESTIONS, JOURNEY_QUESTIONS, answered


def profile(edition: Edition) -> Section | None:
    """The answers of the worksheet: of the app, and of each journey; nothing where nobody has answered."""
    text, app = edition.text, edition.review.app
    made = [("profile-app", text._("The whole app"), list(answered(app.profile, APP_QUESTIONS, text)))]
    for journey in app.journeys:
        rows = list(answered(journey.profile, JOURNEY_QUESTIONS, text))
        made.append((f"profile-{journey.id}", journey.title(text.language), rows))
    parts = [
        Part(key, name, "", (Facts(tuple((what, Cell(said)) for what, said in rows)),))
        for key, name, rows in made
        if rows
    ]
    return Section("profile", text._("Users, worth, peaks"), tuple(parts)) if parts else None

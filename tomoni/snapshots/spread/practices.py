"""The practices of apps as a chapter: what there is, and the next small step."""

from __future__ import annotations

from collections.abc import Sequence

from tomoni.catalog.local_text import apart
from tomoni.review.practices import AppPractices, Practice
from tomoni.snapshots.document.model import Cell, Facts, Part, Section
from tomoni.snapshots.document.sections.edition import table
from tomoni.words import practices as words
from tomoni.words.text import Text

PRACTICES = "practices.html"  # the page of a site, within its language


def practices_section(found: Sequence[AppPractices], text: Text, up: str | None = None) -> Section:
    """The practices of some apps, by their names; ``up`` leads to the folder of the language (None: no links)."""
    names = apart((each.app for each in found), text.language)
    named = sorted(found, key=lambda each: (names[each.app.id] or each.app.id, each.app.id))
    rows = [
        [
            Cell(names[each.app.id] or each.app.id, link="" if up is None else f"{up}apps/{each.app.id}.html"),
            *(Cell(words.standing(practised, text)) for practised in each.practised),
            Cell(words.next_step(each, text)),
        ]
        for each in named
    ]
    headings = (text._("App"), *(words.name(practice, text) for practice in Practice), text._("Next small step"))
    shown = table(headings, rows, texts=len(headings))
    return Section("practices", text._("Practices"), (Part("practices", "", words.lead(text), (shown,)),))


def app_practices_section(each: AppPractices, text: Text) -> Section:
    """The practices of one app, each that is not there yet with its next small step."""
    rows = tuple(
        (
            words.name(practised.practice, text),
            Cell(
                " · ".join(
                    [words.standing(practised, text), *([words.step(practised, text)] if practised.is_open else [])]
                )
            ),
        )
        for practised in each.practised
    )
    return Section("practices", text._("Practices"), (Part("practices", "", "", (Facts(rows),)),))

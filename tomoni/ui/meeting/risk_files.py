"""The register as a file: taken out as a sheet, and in again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.catalog.schema import App
from tomoni.meetings.records import Records
from tomoni.ui.escape import flowing
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.meeting.risk_sheet import ReadSheet, SheetFault, SheetRow, read_sheet, sheet
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.use_cases import risks
from tomoni.use_cases.risks import ListedRisk
from tomoni.words import risk_sheets
from tomoni.words.text import Text

_NAME, _MOST_FAULTS = "risk-files", 20
_SCRIPT = (Path(__file__).parent / "dropzone.js").read_text()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet did to the register."""

    added: int
    changed: int


def files(view: MeetingView, app: App, listed: Sequence[ListedRisk]) -> None:
    """Draw the ways out and in."""
    text = view.text
    with lazy_popover(text._("Sheet"), _NAME, ":material/table:") as popover:
        if not popover.open:
            return
        out = sheet(listed, text.language)
        name = f"{app.id}-risks.csv"
        st.download_button(text._("Download as CSV"), out, name, "text/csv", key="risk-sheet-out", on_click="ignore")
        told = text._("A CSV file in the shape of the risk spreadsheet of Google's SRE material is taken too.")
        st.html(f"<p class='tm-small tm-muted'>{flowing(told)}</p>")
        label = text._("Take in a CSV file")
        component("tomoni.dropzone", js=_SCRIPT)(key="dropzone", data={"label": label}, height=0)
        given = st.file_uploader(label, type=["csv", "tsv", "txt"], key="risk-sheet-in", max_upload_size=1)
        if given is not None:
            _given(view, app, read_sheet(given.getvalue(), app))
        refusal(_NAME, text)


def _given(view: MeetingView, app: App, found: ReadSheet) -> None:
    """Say what is wrong with a sheet, or offer to take it."""
    text = view.text
    if found.faults:
        st.html(_faults(found.faults, text))
        return
    n = len(found.rows)
    told = text.n_("%(n)s risk was read.", "%(n)s risks were read.", n) % {"n": n}
    st.html(f"<p>{flowing(told)}</p>")
    if found.ignored:
        ignored = text._("Left aside: %(columns)s") % {"columns": text.listed(list(found.ignored))}
        st.html(f"<p class='tm-small tm-muted'>{flowing(ignored)}</p>")
    args = (view, app, found.rows)
    st.button(text._("Put them on the register"), key="risk-sheet-take", type="primary", on_click=_take, args=args)


def _faults(faults: Sequence[SheetFault], text: Text) -> str:
    head = text._("Nothing was taken. Correct this first:")
    lines = [f"<li>{flowing(_fault(fault, text))}</li>" for fault in faults[:_MOST_FAULTS]]
    left = len(faults) - _MOST_FAULTS
    more = text.n_("and %(n)s more", "and %(n)s more", left) % {"n": left}
    rest = f"<p>{flowing(more)}</p>" if left > 0 else ""
    return f"<div class='tm-notice'><p>{flowing(head)}</p><ul class='tm-list'>{''.join(lines)}</ul>{rest}</div>"


def _fault(fault: SheetFault, text: Text) -> str:
    said = text.sentences(*risk_sheets.describe(fault.code, fault.facts, text))
    return text._("Line %(line)s: %(what)s") % {"line": fault.line, "what": said} if fault.line else said


def _take(view: MeetingView, app: App, rows: Sequence[SheetRow]) -> None:
    if attempt(_NAME, lambda: take(view.records, app, rows, view.text.language)):
        st.session_state[_NAME] = False


def take(records: Records, app: App, rows: Sequence[SheetRow], language: str) -> Taken:
    """Puts the risks of a sheet on the register; those with the id or the title of one that is there change it.
    Raises MeetingError, StoreError."""
    known = {each.ref: each for each in risks.register(records, app)}
    by_title = {title: each for each in known.values() for title in each.title.by_language.values()}
    added = changed = 0
    for row in rows:
        there = known.get(row.ref) or by_title.get(row.fields["title"])
        if there is None:
            risks.add_risk(records, app, row.fields)
            added += 1
        elif _differs(there, row, app, language):
            risks.change_risk(records, app, there.ref, row.fields, language)
            changed += 1
    return Taken(added, changed)


def _differs(there: ListedRisk, row: SheetRow, app: App, language: str) -> bool:
    now = there.entry(app.id, language)
    return any(getattr(now, name) != value for name, value in row.fields.items())

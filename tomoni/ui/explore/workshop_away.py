"""What is taken away from the workshop: the lines for the app's file, one page, and a snapshot for the review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.exploring.candidates import Candidate
from tomoni.exploring.drafted import file_with
from tomoni.exploring.sli_drafts import quality_of
from tomoni.slo.workshop import Suggested, TriedOut
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.ui import navigation
from tomoni.ui.blocks import title
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.explore.subject import Subject
from tomoni.ui.freezing import freeze_now
from tomoni.ui.notices import refused
from tomoni.ui.url_state import View
from tomoni.use_cases.first_app import faults
from tomoni.words import problems
from tomoni.words import workshop as words


def draw(
    exploration: Exploration,
    found: Subject,
    candidates: Sequence[Candidate],
    known: tuple[Sequence[TriedOut], Suggested],
) -> None:
    """Draw the lines of each candidate, and what goes to the meeting: what was tried, and where to begin."""
    tried, suggested = known
    text, app = exploration.text, exploration.app
    title(text._("Take it to the review"), _where(exploration, found))
    lines = [yaml_of(found, candidate) for candidate in candidates]
    st.code("\n\n".join(lines), language="yaml")
    _checked(exploration, found, lines)
    policy = app.policy if app else None
    page = words.one_page(words.Page(found.title, tried, lines, suggested, policy), text)
    name = "-".join(filter(None, (app.id if app else "", found.place[1], "workshop"))) + ".md"
    with st.container(horizontal=True, vertical_alignment="center"):
        if app is not None and exploration.context.may_write(app.id):
            held = WorkshopRecord(*found.place, tuple(tried), tuple(lines), _sli(found), suggested)
            _snapshot(exploration, app, held)
        st.download_button(text._("One page for the review (Markdown)"), page, name, "text/markdown", on_click="ignore")


def _checked(exploration: Exploration, found: Subject, lines: Sequence[str]) -> None:
    """Say what `check` finds wrong with an SLI that no file has yet."""
    text, folder = exploration.text, exploration.context.tomoni.settings.config
    if found.agreed is not None:
        return
    wrong = faults(folder, "apps/drafted.yaml", file_with(lines[0]))
    if wrong:
        refused([problems.line(problem, text) for problem in wrong])


def yaml_of(found: Subject, candidate: Candidate) -> str:
    """The lines of an SLO for an app's file; with its SLI where that is not the one that is agreed."""
    definition = candidate.definition(found.base, found.buckets(candidate).step_seconds)
    other = found.agreed is None or candidate.under
    keys = found.form(candidate).model_dump(mode="json", exclude_none=True)
    if candidate.under:
        keys["under"] = candidate.under if candidate.under[-1].isalpha() else float(candidate.under)
    return words.yaml_of(
        found.place[1] or quality_of(keys).value, definition, words.sli_yaml(found.source, keys) if other else ""
    )


def _sli(found: Subject) -> str:
    if found.agreed is not None:
        return ""
    return words.sli_yaml(found.source, found.sli.model_dump(mode="json", exclude_none=True))


def _where(exploration: Exploration, found: Subject) -> str:
    text, app = exploration.text, exploration.app
    if app is None or found.agreed is None:
        return text._("beside the SLOs of a journey, once both teams agree")
    return text._("in the place of these lines of the SLO in %(file)s") % {"file": Path(app.file).name}


def _snapshot(exploration: Exploration, app: App, tried: WorkshopRecord) -> None:
    """Draw the button that freezes what was tried, with the app as it stands, and opens it."""
    text, context = exploration.text, exploration.context
    if st.button(
        text._("Keep it as a snapshot"),
        key="workshop-snapshot",
        type="primary",
        icon=":material/photo_camera:",
        help=text._("Freezes what was tried with the app's figures; the review lists it."),
    ):
        frozen = View(app=app.id, snapshot=freeze_now(context, app, workshop=tried), lang=context.view.lang)
        navigation.open_page("snapshots", frozen, text._("Keep it as a snapshot"))

"""The panel Find: a metric of the source by typing a few letters.

The component (`finding.js`) shows what was typed at once and asks for it a moment later; the answer comes from the
index that is kept (`tomoni.exploring.index`), so that the source is not asked for each letter.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from data_sources.base import Source
from data_sources.errors import SourceError
from tomoni.exploring.index import Favoured, Found
from tomoni.exploring.used import used_metrics
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.url_state import change_view
from tomoni.use_cases.finding import KeptIndex
from tomoni.words.asking import TYPES, failure, help_of, units
from tomoni.words.text import Text

_FOLDER = Path(__file__).parent
_SCRIPT, _CSS = (_FOLDER / "finding.js").read_text(), (_FOLDER / "finding.css").read_text()
_HTML = (
    "<div class='find'><input type='text' role='combobox' aria-autocomplete='list' autocomplete='off' "
    "aria-expanded='false' aria-controls='fitting' "
    "spellcheck='false'><div class='below'><span role='status' aria-live='polite'></span>"
    "<button type='button' hidden></button></div><div role='listbox' id='fitting' tabindex='0' hidden></div></div>"
)
_EVERY_SECONDS = 0.7
_FIRST_WAIT_SECONDS = 0.4
_SHOWN = 40


def draw(exploration: Exploration) -> None:
    """Draw the field, with what fits below it."""
    source = exploration.source
    if source is None:
        return
    kept = exploration.context.tomoni.finding.of(source, _FIRST_WAIT_SECONDS)
    with st.container(key="find"):
        st.fragment(_draw, run_every=_EVERY_SECONDS if kept.reading else None)(exploration, source, kept.reading)


def _draw(exploration: Exploration, source: Source, was_reading: bool) -> None:
    finding, text = exploration.context.tomoni.finding, exploration.text
    kept = finding.of(source)
    if was_reading and not kept.reading:
        st.rerun()  # what the metric of the address is, is known now
    key = f"find-{source.id}"
    typed = str(st.session_state.get(key, {}).get("typed") or "")
    found, total = _search(exploration, source, kept, typed)
    data = {
        "source": source.id,
        "typed": typed,
        "chosen": exploration.context.view.metric or exploration.context.view.query or "",
        "results": [_row(each, text) for each in found],
        "status": _status(kept, typed, total, text, exploration.context.tomoni.now()),
        "beside": exploration.ask is not None,
        "reading": kept.reading,
        "words": _words(text),
    }
    mount = component("tomoni.find", html=_HTML, css=_CSS, js=_SCRIPT)
    answer = mount(
        key=key,
        data=data,
        on_typed_change=_nothing,
        on_chosen_change=_nothing,
        on_stopped_change=partial(finding.cancel, source),
    )
    if answer.chosen:
        choose(exploration, source, str(answer.chosen))
        st.rerun()


def choose(exploration: Exploration, source: Source, name: str) -> None:
    """Look at a metric: the address says so, and it is among those that were looked at of late."""
    exploration.context.tomoni.finding.used(source.id, name)
    change_view(source=source.id, metric=name, where=None, how=None, by=None, query=None)


def _search(exploration: Exploration, source: Source, kept: KeptIndex, typed: str) -> tuple[list[Found], int]:
    if kept.index is None:
        return [], 0
    app = exploration.app
    own = used_metrics(app, source.id, kept.index.by_name) if app else frozenset()
    recent = exploration.context.tomoni.finding.recent(source.id)
    return kept.index.search(typed, Favoured(own, recent), _SHOWN)


def _row(found: Found, text: Text) -> dict[str, Any]:
    metric = found.metric
    mark = text._("of this app") if found.own else text._("seen lately") if found.recent else ""
    kind = text.listed([part for part in (text._(TYPES[metric.type]), units(metric.unit, text)) if part])
    return {"name": metric.name, "kind": kind, "help": help_of(metric.help, text), "mark": mark}


def _status(kept: KeptIndex, typed: str, total: int, text: Text, now: int) -> str:
    """How many fit, and how old that knowledge is."""
    if kept.index is None:
        return _before(kept, text)
    if not len(kept.index):
        return text._("The source has no metrics yet.")
    said = _counted(typed, total, text)
    age = text._("list read %(ago)s ago") % {"ago": text.duration(max(0, now - kept.built_at))}
    more = [text._("is being read again")] if kept.reading else [_why(kept.error, text)] if kept.error else []
    return " · ".join([said, age, *more])


def _counted(typed: str, total: int, text: Text) -> str:
    number = {"n": text.number(total, 0)}
    if not total:
        return text._("No metric fits. Fewer letters or other words may.")
    if typed.strip():
        return text.n_("%(n)s metric fits", "%(n)s metrics fit", total) % number
    return text.n_("%(n)s metric", "%(n)s metrics", total) % number


def _before(kept: KeptIndex, text: Text) -> str:
    """What is said before there is a first list."""
    if kept.error is not None and not kept.reading:
        return _why(kept.error, text)
    if kept.found:
        return text._("Reading the list of metrics: %(n)s so far…") % {"n": text.number(kept.found, 0)}
    return text._("Reading the list of metrics…") if kept.reading else text._("The list of metrics was not read.")


def _why(error: Exception, text: Text) -> str:
    if not isinstance(error, SourceError):
        return text._("The list of metrics could not be read.")
    return text._("The list of metrics could not be read: %(why)s") % {"why": failure(error, text)}


def _words(text: Text) -> dict[str, str]:
    return {
        "label": text._("Find a metric"),
        "placeholder": text._("Find a metric by a few letters"),
        "list": text._("Metrics that fit"),
        "stop": text._("Stop"),
    }


def _nothing() -> None:
    """A value is only kept where something listens to its change."""

"""The guide: a worked example, how to read the joint view, the states, and every term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from tomoni.charts.annotations import Annotations, Stretch
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure
from tomoni.slo.model import HOUR
from tomoni.ui import frame, worked_example
from tomoni.ui.anchors import follow_anchor
from tomoni.ui.blocks import chip, headline
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.joint.figure_table import Numbers, numbers_table
from tomoni.ui.narrow import narrow_window
from tomoni.ui.present import present_keys, scale
from tomoni.words import guide, states, stories, terms
from tomoni.words.text import Text, text_for


def draw(context: Context) -> None:
    """Draw the page."""
    text = context.text
    headline(text._(guide.TITLE))
    with st.container(key="guide"):
        with st.container(key="guide-contents"):
            st.html(_contents(text))
        with st.container(key="guide-body"):
            _body(context)
    follow_anchor()
    present_keys(context, "app", (), None)


def _body(context: Context) -> None:
    text = context.text
    _section(guide.PURPOSE, text)
    _section(guide.PAGES, text)
    with st.container(key="panel-guide-example"):
        _example(context)
    _section(guide.JOINT_VIEW, text)
    _states(text)
    _section(guide.POLICY, text)
    _section(guide.LINKS, text)
    _glossary(text)


# The parts of the page in their order, by their places in the address.
_PARTS: Mapping[str, str] = {
    "purpose": guide.PURPOSE.heading,
    "pages": guide.PAGES.heading,
    "example": guide.EXAMPLE.heading,
    "joint-view": guide.JOINT_VIEW.heading,
    "states": guide.STATES,
    "policy": guide.POLICY.heading,
    "links": guide.LINKS.heading,
    "terms": guide.TERMS,
}
_PLACES = {heading: place for place, heading in _PARTS.items()}


def _contents(text: Text) -> str:
    """The table of contents: beside the page on wide screens, folded above it on others."""
    groups = "".join(_entry(f"terms-{n}", group, text) for n, group in enumerate(terms.GROUPS))
    entries = "".join(_entry(place, heading, text) for place, heading in _PARTS.items())
    listed = f"<ul>{entries}<li><ul>{groups}</ul></li></ul>"
    name = html(text._("Contents"))
    return (
        f"<nav class='tm-contents' aria-label='{name}'>{listed}</nav>"
        f"<details class='tm-contents'><summary>{name}</summary>{listed}</details>"
    )


def _entry(place: str, heading: str, text: Text) -> str:
    return f"<li><a href='#{place}' target='_self'>{html(text._(heading))}</a></li>"


def _section(section: guide.Section, text: Text, facts: Mapping[str, str] | None = None) -> None:
    """Draw a heading with paragraphs or numbered steps; ``facts`` fill the placeholders of the lines."""
    kind = "li" if section.numbered else "p"
    lines = [text._(line) if facts is None else text._(line) % facts for line in section.lines]
    body = "".join(f"<{kind}>{html(line)}</{kind}>" for line in lines)
    body = f"<ol>{body}</ol>" if section.numbered else f"<div>{body}</div>"
    st.html(_part(section.heading, body, text))


def _part(heading: str, body: str, text: Text) -> str:
    """A part of the page with its heading and its place; ``body`` is HTML."""
    title = html(text._(heading))
    return f"<section class='tm-guide' id='{_PLACES[heading]}'><h2 class='tm-h2'>{title}</h2>{body}</section>"


def _example(context: Context) -> None:
    """Draw the worked example: its text with the figures filled in, and its chart."""
    text = text_for(context.text.language, worked_example.ZONE)
    shown = worked_example.example()
    _section(guide.EXAMPLE, text, worked_example.facts(shown, text))
    bad = stories.steepest_loss(shown.track.burn_down)
    marked = Annotations((Stretch(bad[1] - HOUR, bad[1], "A"),)) if bad else Annotations()
    view = Joint(
        track=shown.track,
        lanes=(),
        chosen=("success", "budget"),
        frame=Frame(worked_example.START, worked_example.END, text, context.theme),
        annotations=marked,
        scale=scale(context),
        narrow=narrow_window(context.view.present),
    )
    with st.container(key="example-figure"):
        alt = text._("The success and the budget of the example, with the bad hour marked A.")
        st.plotly_chart(joint_figure(view), key="example", theme=None, config={"displayModeBar": False}, alt=alt)
        span = worked_example.START, worked_example.END
        with st.container(key="figure-table"):
            st.html(numbers_table(Numbers(shown.track, (), view.chosen, span), alt, text))


def _states(text: Text) -> None:
    """Draw every state with icon, word and meaning."""
    rows = "".join(
        f"<tr><td>{chip(state, text)}</td><td>{flowing(states.meaning(state, text))}</td></tr>"
        for state in reversed(states.ORDER)
    )
    st.html(_part(guide.STATES, f"<table class='tm-facts'>{rows}</table>", text))


def _glossary(text: Text) -> None:
    """Draw every glossary term, by group."""
    groups = "".join(
        f"<h3 id='terms-{n}'>{html(text._(group))}</h3><dl>{_entries(entries, text)}</dl>"
        for n, (group, entries) in enumerate(terms.GROUPS.items())
    )
    st.html(_part(guide.TERMS, groups, text))


def _entries(entries: Iterable[str], text: Text) -> str:
    return "".join(
        f"<div><dt>{html(terms.name(key, text))}</dt><dd>{html(terms.meaning(key, text))}</dd></div>" for key in entries
    )


frame.show(draw)

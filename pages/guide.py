"""The guide: a worked example, how to read the joint view, the states, and every term."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from tomoni.charts.annotations import Annotations, Stretch
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure
from tomoni.slo.model import HOUR
from tomoni.ui import frame, worked_example
from tomoni.ui.blocks import chip, headline, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.narrow import narrow_window
from tomoni.ui.present import present_keys, scale
from tomoni.words import guide, states, stories, terms
from tomoni.words.text import Text, text_for


def draw(context: Context) -> None:
    """Draw the page."""
    text = context.text
    headline(text._(guide.TITLE))
    _section(guide.PURPOSE, text)
    _example(context)
    _section(guide.JOINT_VIEW, text)
    _states(text)
    _section(guide.POLICY, text)
    _section(guide.LINKS, text)
    _glossary(text)
    present_keys(context, "app", (), None)


def _section(section: guide.Section, text: Text, facts: Mapping[str, str] | None = None) -> None:
    """Draw a heading with paragraphs or numbered steps; ``facts`` fill the placeholders of the lines."""
    kind = "li" if section.numbered else "p"
    lines = [text._(line) if facts is None else text._(line) % facts for line in section.lines]
    body = "".join(f"<{kind}>{html(line)}</{kind}>" for line in lines)
    body = f"<ol>{body}</ol>" if section.numbered else body
    st.html(f"<section class='tm-guide'><h2 class='tm-h2'>{html(text._(section.heading))}</h2>{body}</section>")


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
        narrow=narrow_window(),
    )
    with st.container(key="panel-example", width=900):
        alt = text._("The success and the budget of the example, with the bad hour marked A.")
        st.plotly_chart(joint_figure(view), key="example", theme=None, config={"displayModeBar": False}, alt=alt)


def _states(text: Text) -> None:
    """Draw every state with icon, word and meaning."""
    rows = "".join(
        f"<tr><td>{chip(state, text)}</td><td>{html(states.meaning(state, text))}</td></tr>"
        for state in reversed(states.ORDER)
    )
    heading = html(text._(guide.STATES))
    st.html(
        f"<section class='tm-guide'><h2 class='tm-h2'>{heading}</h2><table class='tm-facts'>{rows}</table></section>"
    )


def _glossary(text: Text) -> None:
    """Draw every glossary term, by group."""
    title(text._(guide.TERMS))
    for group, entries in terms.GROUPS.items():
        body = "".join(
            f"<dt>{html(terms.name(key, text))}</dt><dd>{html(terms.meaning(key, text))}</dd>" for key in entries
        )
        with st.expander(text._(group), expanded=True):
            st.html(f"<dl class='tm-guide'>{body}</dl>")


frame.show(draw)

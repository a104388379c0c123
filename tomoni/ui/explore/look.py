"""The part Look of `/explore`: one figure of what is asked, the SLO beside it, and what is ready to be asked."""

from __future__ import annotations

import streamlit as st

from tomoni.ui.blocks import remark
from tomoni.ui.explore.exploration import Exploration


def draw(exploration: Exploration) -> None:
    """Draw what is asked; where nothing is, what could be."""
    if exploration.ask is None:
        with st.container(key="panel-ready"):
            remark(exploration.text._("Choose a metric to see it here."))

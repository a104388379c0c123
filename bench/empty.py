"""An empty Streamlit page with one table of 250 rows, or one figure of as many lanes as the joint page; with
``choose``, of a share of its points; with ``like``, of as many elements as one of our pages of the demo.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

ROWS, LANES, POINTS, SPARK = 250, 13, 2000, 28
LANES_OF_DEMO = 8
# How many elements of each kind our pages of the demo consist of, besides the table or the figure; components count as
# blocks of HTML, which load less.
LIKE = {
    "overview": {
        "html": 17,
        "container": 18,
        "link": 9,
        "button": 7,
        "choice": 3,
        "select": 1,
        "popover": 2,
        "input": 4,
    },
    "app": {"html": 42, "container": 44, "link": 18, "button": 24, "choice": 9, "select": 4, "popover": 9, "input": 7},
    "review": {"html": 13, "container": 9, "link": 9, "button": 6, "choice": 1, "select": 0, "popover": 2, "input": 2},
}
rng = np.random.default_rng(1)


def _one_of_each(number: int, left: Mapping[str, int]) -> None:
    """The next element of each kind of which there are any left, in a container while there are any of these."""
    place = st.container(horizontal=True) if number < left["container"] else st.container()
    with st.popover(f"more {number}") if number < left["popover"] else place:
        if number < left["html"]:
            st.html(f"<p>Words of a page, {number}</p>")
        if number < left["link"]:
            st.page_link("https://example.com", label=f"link {number}")
        if number < left["button"]:
            st.button(f"button {number}")
        if number < left["choice"]:
            st.segmented_control(f"choice {number}", ["one", "two", "three"], default="one")
        if number < left["select"]:
            st.selectbox(f"select {number}", ["one", "two", "three"])
        if number < left["input"]:
            st.text_input(f"input {number}")


if like := LIKE.get(st.query_params.get("like", "")):
    for number in range(max(like.values())):
        _one_of_each(number, like)
if st.query_params.get("show") == "nothing":
    pass
elif st.query_params.get("show") == "figure":
    lanes = LANES_OF_DEMO if like else LANES
    share = {"7 d": 4, "14 d": 2, "28 d": 1}
    chosen = st.segmented_control("Range", list(share), default="28 d") if "choose" in st.query_params else "28 d"
    points = POINTS // share[chosen or "28 d"]
    times = pd.date_range("2026-10-01", periods=points, freq="20min")
    figure = make_subplots(rows=lanes, cols=1, shared_xaxes=True, vertical_spacing=0.02)
    for lane in range(lanes):
        figure.add_trace(go.Scatter(x=times, y=rng.random(points), mode="lines"), row=lane + 1, col=1)
    figure.update_traces(xaxis=f"x{lanes}")
    figure.update_layout(height=110 * lanes, showlegend=False, hovermode="x unified", hoversubplots="axis")
    st.plotly_chart(figure)
else:
    words = {name: [f"{name} {row}" for row in range(ROWS)] for name in ("state", "app", "journey", "slo")}
    numbers = {name: rng.random(ROWS) for name in ("objective", "sli", "left", "change", "1h", "6h", "3d")}
    lines = {"days": list(rng.random((ROWS, SPARK)))}
    st.dataframe(
        pd.DataFrame({**words, **numbers, **lines}),
        column_config={"left": st.column_config.ProgressColumn(), "days": st.column_config.LineChartColumn()},
    )
with st.container(key="page-ready"):  # one without content is not drawn
    st.empty()

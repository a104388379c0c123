"""An empty Streamlit page with one table of 250 rows, or one figure of as many lanes as the joint page; with
``choose``, of a share of its points."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

ROWS, LANES, POINTS, SPARK = 250, 13, 2000, 28
rng = np.random.default_rng(1)

if st.query_params.get("show") == "figure":
    share = {"7 d": 4, "14 d": 2, "28 d": 1}
    chosen = st.segmented_control("Range", list(share), default="28 d") if "choose" in st.query_params else "28 d"
    points = POINTS // share[chosen or "28 d"]
    times = pd.date_range("2026-10-01", periods=points, freq="20min")
    figure = make_subplots(rows=LANES, cols=1, shared_xaxes=True, vertical_spacing=0.02)
    for lane in range(LANES):
        figure.add_trace(go.Scatter(x=times, y=rng.random(points), mode="lines"), row=lane + 1, col=1)
    figure.update_traces(xaxis=f"x{LANES}")
    figure.update_layout(height=110 * LANES, showlegend=False, hovermode="x unified", hoversubplots="axis")
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

"""What the joint figure shows, as a table in a file."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tomoni.review.model import Lane, SloTrack
from tomoni.slo.model import Line


def as_csv(track: SloTrack, lanes: Sequence[Lane]) -> bytes:
    """One row for each moment (RFC 3339, UTC), one column for each line; empty where nothing was observed.

    Columns are named by codes, which cannot be mistaken for formulas, and values are not rounded.
    """
    columns = {
        "success": track.success,
        "events_per_second": track.traffic,
        "budget_left_period": track.burn_down,
        "budget_left_window": track.rolling,
    } | {f"signal_{lane.signal.id}": lane.values for lane in lanes}
    table = pd.concat([_column(name, line) for name, line in columns.items()], axis=1).sort_index()
    moments = pd.to_datetime(table.index, unit="s", utc=True).strftime("%Y-%m-%dT%H:%M:%SZ")
    return table.set_axis(pd.Index(moments, name="time")).to_csv().encode()


def _column(name: str, line: Line) -> pd.Series[float]:
    return pd.Series(line.values, index=line.times, name=name)

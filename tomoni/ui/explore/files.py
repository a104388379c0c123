"""What is explored as files: all its points, unrounded, whatever the figure leaves out."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd

from data_sources.exploring import Line, Lines, Matcher, Operator
from tomoni.exploring.address import written_matchers

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_of(answer: Lines, name: str) -> pd.DataFrame:
    """One row for each bucket (``time`` in UTC), one column for each line with its labels; low and high beside it."""
    interval = answer.interval
    moments = pd.to_datetime(np.arange(interval.start, interval.end, interval.step_seconds), unit="s", utc=True)
    columns: dict[str, object] = {}
    for line in answer.lines:
        title = _unused(_title(line, name), columns)
        columns[title] = line.values
        if line.low is not None and line.high is not None:
            columns[f"{title} low"], columns[f"{title} high"] = line.low, line.high
    if answer.heat is not None:
        columns |= {f"le={edge:g}": row for edge, row in zip(answer.heat.edges, answer.heat.counts, strict=True)}
    return pd.DataFrame(columns, index=pd.Index(moments, name="time"))


def as_csv(answer: Lines, name: str) -> bytes:
    """The table as CSV; times as RFC 3339."""
    table = table_of(answer, name)
    return table.to_csv(date_format="%Y-%m-%dT%H:%M:%SZ").encode()


def as_parquet(answer: Lines, name: str) -> bytes:
    """The table as Parquet."""
    out = BytesIO()
    table_of(answer, name).reset_index().to_parquet(out, index=False)
    return out.getvalue()


def _title(line: Line, name: str) -> str:
    """A name that a spreadsheet does not take for a formula: other people chose the labels."""
    labels = written_matchers([Matcher(label, Operator.EQUAL, value) for label, value in sorted(line.labels.items())])
    title = f"{name}{'{' + labels + '}' if labels else ''}{' ' + line.role if line.role else ''}"
    if line.summed:
        title = f"{name} other ({line.summed})"
    return f"'{title}" if title.startswith(_FORMULA) else title


def _unused(title: str, columns: dict[str, object]) -> str:
    return title if title not in columns else f"{title} {len(columns)}"

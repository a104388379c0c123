"""A table that many readers see is written once, as Streamlit writes it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.io.formats.style import Styler
from streamlit.elements import arrow
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from tomoni.ui import prepared_tables
from tomoni.ui.prepared_tables import shown_again, write_tables_once


def table(digits: int = 1) -> Styler:
    data = pd.DataFrame({"state": ["good", "bad"], "left": [1.25, np.nan]})
    colours = ["color: green", "color: red"]
    return (
        data.style.set_uuid("t")
        .apply(lambda _: colours, subset=["state"])
        .format({"left": f"{{:.{digits}f}}"}, na_rep="—")
    )


def as_streamlit_writes(styler: Styler, place: str) -> ArrowData:
    written = ArrowData()
    marshall_styler(written, styler, place)
    return written


def test_it_is_written_once_for_each_place_and_others_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    count: list[str] = []

    def write(proto: ArrowData, styler: Styler, place: str) -> None:
        count.append(place)
        marshall_styler(proto, styler, place)

    monkeypatch.setattr(arrow, "marshall_styler", write)
    write_tables_once()
    write_tables_once()
    many, own = shown_again(table()), table(2)
    for _ in range(3):
        for styler, place in ((many, "1"), (many, "2"), (own, "1")):
            written = ArrowData()
            vars(arrow)["marshall_styler"](written, styler, place)
            assert written == as_streamlit_writes(table(1 if styler is many else 2), place)
    assert count == ["1", "2", "1", "1", "1"]
    assert isinstance(vars(arrow)["marshall_styler"], prepared_tables._Writing)


def test_one_that_could_not_be_written_is_written_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [MemoryError()]

    def write(proto: ArrowData, styler: Styler, place: str) -> None:
        if fails:
            raise fails.pop()
        marshall_styler(proto, styler, place)

    monkeypatch.setattr(arrow, "marshall_styler", write)
    write_tables_once()
    many, written = shown_again(table()), ArrowData()
    with pytest.raises(MemoryError):
        vars(arrow)["marshall_styler"](written, many, "1")
    vars(arrow)["marshall_styler"](written, many, "1")
    assert written == as_streamlit_writes(table(), "1")

"""Large answers are decoded as a stream: the same values as a small one's, and bounded by what is in them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.errors import BadAnswer
from data_sources.prometheus import decode
from data_sources.prometheus.decode import decoded

LABELS = st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=3)
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr), st.sampled_from(["NaN", "+Inf", "-Inf"])
)
POINTS = st.lists(st.tuples(st.integers(0, 2_000_000_000), NUMBERS), max_size=8)
SERIES = st.lists(st.fixed_dictionaries({"metric": LABELS, "values": POINTS}), max_size=5)


def parts(text: bytes, size: int = 7) -> Iterator[bytes]:
    yield from (text[start : start + size] for start in range(0, len(text), size))


def plain(node: Any) -> Any:
    """A document with its samples as lists of pairs of numbers."""
    if isinstance(node, np.ndarray):
        return [list(pair) for pair in node.tolist()]
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(each) for each in node] if isinstance(node, list) else node


def streamed(body: object, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(decode, "SMALL_BYTES", 0)
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return decoded("it", parts(text))[0]


def reason(body: object, monkeypatch: pytest.MonkeyPatch) -> object:
    with pytest.raises(BadAnswer) as caught:
        streamed(body, monkeypatch)
    return caught.value.facts["reason"]


@settings(max_examples=100)
@given(SERIES, st.lists(st.text(max_size=9), max_size=3))
def test_a_stream_holds_the_same_as_the_whole(series, warnings):
    body = {"status": "success", "data": {"resultType": "matrix", "result": series}, "warnings": warnings, "x": None}
    with pytest.MonkeyPatch.context() as patch:
        found = streamed(body, patch)
    expected = json.loads(json.dumps(body))
    for one in expected["data"]["result"]:
        one["values"] = [[float(time), float(value)] for time, value in one["values"]]
    assert repr(plain(found)) == repr(expected)


def test_what_is_called_values_elsewhere_is_a_list(monkeypatch):
    for body in ({"values": ["a", "b"]}, {"data": {"values": [[1, 2]]}}, {"data": ["x", {"metric": {"values": "y"}}]}):
        assert streamed(body, monkeypatch) == body


@pytest.mark.parametrize("text", [b"", b"{", b"<html>", b"[1, 2", b'{"a": }', b'{"a": "\xff"}', b"1" * 5000, b"[1] 2"])
def test_what_is_no_json_is_none(text, monkeypatch):
    monkeypatch.setattr(decode, "SMALL_BYTES", 0)
    assert decoded("it", parts(text))[0] is None


@pytest.mark.parametrize(
    "samples",
    [
        [1],
        [[1]],
        [[1, "2", 3]],
        [[[1, "2"]]],
        [{"a": 1}],
        [[1, None]],
        [[True, "1"]],
        [["x", "y"]],
        ["ab"],
        [None],
    ],
)
def test_samples_that_are_no_pairs_are_of_the_wrong_shape(samples, monkeypatch):
    body = {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": samples}]}}
    assert reason(body, monkeypatch) == "wrong_shape"


def test_too_many_samples_nodes_letters_levels_and_bytes_are_too_large(monkeypatch):
    def series(count: int, each: int) -> dict[str, object]:
        return {"data": {"result": [{"metric": {}, "values": [[1, "2"]] * each}] * count}}

    monkeypatch.setattr(decode, "MOST_POINTS", 100)
    monkeypatch.setattr(decode, "MOST_NODES", 500)
    monkeypatch.setattr(decode, "MOST_LETTERS", 1000)
    monkeypatch.setattr(decode, "LONGEST_TEXT_BYTES", 3000)
    assert len(streamed(series(10, 10), monkeypatch)["data"]["result"]) == 10
    for body in (
        series(11, 10),
        series(1, 101),
        series(400, 0),
        {"warnings": ["", *[""] * 600]},
        {"warnings": ["x" * 600, "y" * 600]},
        {str(i) * 100: 1 for i in range(20)},
        {"a": "x" * 4000},
        {"a": '\\"' * 2000},
        b"[" + b" " * 4000 + b"]",
        b"[" * 40 + b"]" * 40,
        b"[" + b"1" * 4000 + b"]",
    ):
        assert reason(body, monkeypatch) == "too_large"
    monkeypatch.setattr(decode, "LARGEST_ANSWER_BYTES", 3000)
    monkeypatch.setattr(decode, "MOST_NODES", 5000)
    assert reason({"a": ["x"] * 900}, monkeypatch) == "too_large"


def test_a_small_answer_keeps_its_lists(monkeypatch):
    body = {"data": {"result": [{"values": [[1, "NaN"]]}]}}
    assert decoded("it", parts(json.dumps(body).encode())) == (body, json.dumps(body).encode())
    found = streamed(body, monkeypatch)["data"]["result"][0]["values"]
    assert math.isnan(found[0][1])

"""The bytes of a day come back as they went in, and broken bytes are told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tomoni.ledger.payload import ASKED, PayloadError, pack, parse, unpack


@given(st.integers(1, 300).flatmap(lambda n: st.lists(arrays(np.float64, n), min_size=1, max_size=4)))
def test_columns_come_back_bit_by_bit(columns):
    named = {f"c{i}": column for i, column in enumerate(columns)}
    back = unpack(pack(named))
    assert list(back) == list(named)
    assert all(back[name].tobytes() == named[name].tobytes() for name in named)


@given(st.integers(1, 300).flatmap(lambda n: arrays(np.int64, n)))
def test_moments_come_back_as_whole_numbers(asked):
    back = unpack(pack({ASKED: asked}))[ASKED]
    assert back.dtype == np.int64
    assert (back == asked).all()


def test_a_constant_column_takes_next_to_nothing():
    assert len(pack({"absent": np.zeros(1440), ASKED: np.full(1440, 1_800_000_000)})) < 60


def test_a_day_of_counts_is_small_and_one_of_fractions_no_larger_than_its_numbers():
    counts = np.random.default_rng(1).poisson(300, 288).astype(float)
    assert len(pack({"total": counts})) < 288 * 3
    assert len(pack({"total": counts + np.random.default_rng(2).random(288)})) < 288 * 8 + 40


def test_only_the_named_columns_are_unpacked():
    place = {"good": np.zeros(3)}
    parse(pack({"good": np.array([1.0, 2, 3]), "total": np.array([4.0, 5, 6])})).write_into(place)
    assert place["good"].tolist() == [1, 2, 3]


@given(st.binary(max_size=60))
def test_bytes_that_are_no_payload_are_refused(data):
    with pytest.raises(PayloadError):
        unpack(data)


@given(st.data())
def test_a_payload_that_was_cut_short_is_refused(data):
    whole = pack({"total": np.arange(288.0), ASKED: np.full(288, 7)})
    with pytest.raises(PayloadError):
        unpack(whole[: data.draw(st.integers(0, len(whole) - 1))])

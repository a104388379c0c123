"""Comparing clocks by the Date header of a server's answers."""

from __future__ import annotations

import logging
import time
from email.utils import formatdate

import pytest

from data_sources.base import clock_difference
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.server_clock import ServerClock
from tests.data_sources.fault_server import fault_server

NOW = 1_800_000_000.5


@pytest.mark.parametrize("ahead", [0, 1, -1, 3600, -3600, 86_400, -86_400, 30 * 86_400])
def test_the_difference_is_known_to_the_second(ahead: int) -> None:
    clock = ServerClock("it", lambda: NOW + ahead)
    clock.note({"Date": formatdate(NOW, usegmt=True)})
    assert clock.ahead_seconds == ahead


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Date": ""},
        {"Date": "yesterday"},
        {"Date": "Wed, 99 Nov 2026 00:00:00 GMT"},
        {"Date": "Wed, 18 Nov 99999 00:00:00 GMT"},
        {"Date": formatdate(NOW - 5000, usegmt=True), "Age": "5000"},
    ],
)
def test_what_tells_no_time_is_left_out(headers: dict[str, str]) -> None:
    clock = ServerClock("it", lambda: NOW)
    clock.note(headers)
    assert clock.ahead_seconds is None


def test_a_difference_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = ServerClock("it", lambda: NOW + 3600)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            clock.note({"Date": formatdate(NOW, usegmt=True)})
    assert [record.getMessage() for record in caplog.records] == [
        "source it: the clock of this machine differs by 3600 s from the server's (above 0: it is ahead)"
    ]


@pytest.mark.parametrize("wrong", [0.0, 3600.0, -86_400.0])
def test_a_server_tells_its_time_with_every_answer(monkeypatch: pytest.MonkeyPatch, wrong: float) -> None:
    with fault_server() as server:
        source = PrometheusSource("it", PrometheusConfig.model_validate({"kind": "prometheus", "url": server.url}))
        assert clock_difference(source) is None
        monkeypatch.setattr(source._client.clock, "_system", lambda: time.time() + wrong)
        source.health()
        source.close()
    assert clock_difference(source) == (pytest.approx(wrong, abs=5) if wrong else None)

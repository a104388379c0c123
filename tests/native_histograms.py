"""A real Prometheus that takes native histograms by remote write, and six hours of them with known counts.

Each app has latencies in four buckets with the edges 0.25, 0.5, 1 and 2 s (schema 0), a sample a minute:

    native     a native histogram, on two pods; one of them restarts
    classic    a classic histogram with the edge 0.5
    both       one pod that exposes both forms of the same events
    moving     one pod with the classic form, one with the native one
    quiet      a native histogram without any event in its last hours
    recorded   what a rule recorded as the rate of events, always `RECORDED`, in both forms
"""

from __future__ import annotations

import struct
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tests.real_prometheus import free_port, program, wait_until_ready

IntArray = npt.NDArray[np.int64]

MINUTES = 360
EDGES = ("0.25", "0.5", "1", "2")
RECORDED = (40, 30, 3, 1)
_FIRST_INDEX = -2  # of schema 0: the bucket that ends at 2**-2
_VARINT, _FIXED64, _BYTES = 0, 1, 2


@dataclass(frozen=True)
class Pod:
    """The events of each minute by bucket, shape (MINUTES, 4), and the forms in which a pod exposes them."""

    app: str
    name: str
    events: IntArray
    native: bool = True
    classic: bool = False
    restart: int | None = None

    @property
    def counts(self) -> IntArray:
        """The counts at each minute, shape (MINUTES + 1, 4)."""
        counts = np.concatenate([np.zeros((1, 4), dtype=np.int64), self.events.cumsum(axis=0)])
        if self.restart is not None:
            counts[self.restart :] -= counts[self.restart]
        return counts


def pods() -> list[Pod]:
    """The pods of all apps."""
    rng = np.random.default_rng(13)
    events = [rng.poisson((40, 30, 3, 1), (MINUTES, 4)).astype(np.int64) for _ in range(7)]
    events[6][MINUTES - 180 :] = 0
    return [
        Pod("native", "a", events[0]),
        Pod("native", "b", events[1], restart=200),
        Pod("classic", "a", events[2], native=False, classic=True),
        Pod("both", "a", events[3], classic=True),
        Pod("moving", "a", events[4], native=False, classic=True),
        Pod("moving", "b", events[5]),
        Pod("quiet", "a", events[6]),
    ]


def truth(app: str, step_minutes: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """All events of each bucket of time, and those within half a second."""
    events = sum((pod.events for pod in pods() if pod.app == app), np.zeros((MINUTES, 4), dtype=np.int64))
    buckets = events.reshape(-1, step_minutes, 4).sum(axis=1).astype(np.float64)
    return buckets.sum(axis=1), buckets[:, :2].sum(axis=1)


@dataclass(frozen=True)
class NativePrometheus:
    """A running server and the moment (Unix seconds) at which its histograms end."""

    url: str
    end: int


@contextmanager
def running_native(folder: Path) -> Iterator[NativePrometheus]:
    """Starts a server that scrapes nothing, fills it, and ends it."""
    end, port = int(time.time()) // 3600 * 3600, free_port()
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1m}\n")
    command = [
        program("prometheus"),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.enable-remote-write-receiver",
        "--enable-feature=native-histograms",
    ]
    log = folder / "prometheus.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/-/ready", process, log)
            _fill(f"http://127.0.0.1:{port}/api/v1/write", end)
            yield NativePrometheus(f"http://127.0.0.1:{port}", end)
        finally:
            process.terminate()
            process.wait(120)


def _fill(url: str, end: int) -> None:
    """Hour by hour, so that no sample is older than what the server takes."""
    for first in range(0, MINUTES + 1, 60):
        minutes = range(first, min(first + 60, MINUTES + 1))
        times = [(end - (MINUTES - minute) * 60) * 1000 for minute in minutes]
        body = b"".join(_field(1, series) for pod in pods() for series in _series(pod, minutes, times))
        body += b"".join(_field(1, series) for series in _recorded(times))
        compressed = pa.Codec("snappy").compress(body, asbytes=True)
        headers = {"Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}
        headers["Content-Type"] = "application/x-protobuf"  # which Prometheus 3 asks for
        with urllib.request.urlopen(urllib.request.Request(url, compressed, headers), timeout=60):
            pass


def _series(pod: Pod, minutes: range, times: list[int]) -> Iterator[bytes]:
    """The time series of a pod, as the messages of remote write."""
    counts = pod.counts[minutes.start : minutes.stop]
    labels = {"app": pod.app, "pod": pod.name}
    if pod.native:
        histograms = [_field(4, _histogram(row, at)) for row, at in zip(counts, times, strict=True)]
        yield _labels(labels | {"__name__": "latency_seconds"}) + b"".join(histograms)
    if pod.classic:
        for edge, column in zip((*EDGES, "+Inf"), (*counts.cumsum(axis=1).T, counts.sum(axis=1)), strict=True):
            yield _floats(labels | {"__name__": "latency_seconds_bucket", "le": edge}, column, times)
        yield _floats(labels | {"__name__": "latency_seconds_count"}, counts.sum(axis=1), times)


def _recorded(times: list[int]) -> Iterator[bytes]:
    rows = np.tile(np.array(RECORDED), (len(times), 1))
    samples = b"".join(_field(4, _histogram(row, at)) for row, at in zip(rows, times, strict=True))
    yield _labels({"__name__": "app:native_seconds:rate5m", "app": "recorded"}) + samples
    for edge, column in zip((*EDGES, "+Inf"), (*rows.cumsum(axis=1).T, rows.sum(axis=1)), strict=True):
        yield _floats({"__name__": "app:classic_seconds_bucket:rate5m", "app": "recorded", "le": edge}, column, times)


def _floats(labels: dict[str, str], values: IntArray, times: list[int]) -> bytes:
    samples = (
        _field(2, _key(1, _FIXED64) + struct.pack("<d", value) + _number(2, at))
        for value, at in zip(values, times, strict=True)
    )
    return _labels(labels) + b"".join(samples)


def _labels(labels: dict[str, str]) -> bytes:
    pairs = sorted(labels.items())
    return b"".join(_field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in pairs)


def _histogram(counts: IntArray, at: int) -> bytes:
    """A histogram with a span of four buckets, whose counts are written as differences."""
    deltas = b"".join(_varint(_zigzag(int(delta))) for delta in np.diff(counts, prepend=0))
    span = _number(1, _zigzag(_FIRST_INDEX)) + _number(2, len(EDGES))
    total = _number(1, int(counts.sum())) + _key(3, _FIXED64) + struct.pack("<d", float(counts.sum()))
    return total + _number(4, 0) + _number(6, 0) + _field(11, span) + _field(12, deltas) + _number(15, at)


def _field(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _key(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1

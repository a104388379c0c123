"""Whatever a server sends, the process stays below 600 MB; measured in a process of its own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data_sources.fault_server import Answering, Call, FaultServer, Reply, healthy

pytestmark = pytest.mark.slow
MOST_MB = 600
ROOT = Path(__file__).parents[3]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
START = b'{"status":"success","data":{"resultType":"matrix","result":['
SERIES = b'{"metric":{"pod":"a"},"values":['
POINT = b'[1799913900,"1"],'
# What is sent after the headers, and then again and again.
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "one series": (START + SERIES, POINT * 5000),
    "many series": (START, (SERIES + POINT[:-1] + b"]},") * 2000),
    "empty series": (START, b'{"metric":{},"values":[]},' * 2000),
    "small series": (START, b"{}," * 20000),
    "labels": (START + b'{"metric":{', b"".join(b'"%d":"",' % i for i in range(5000))),
    "lists": (b"[", b"[]," * 20000),
    "depth": (b"", b"[" * 50000),
    "objects": (b"", b'{"a":' * 10000),
    "one text": (b'{"status":"', b"x" * 65536),
    "one wide text": (b'{"status":"', "\N{GRINNING FACE}".encode() * 16384),
    "escaped quotes": (b'{"status":"', b'\\"' * 32768),
    "texts": (b'{"warnings":[', b'"' + b"w" * 1000 + b'",' + b'"",' * 1000),
    "blanks": (b"{", b" " * 65536),
    "a number": (b"[", b"1" * 65536),
    "a fraction": (b"[1.", b"1" * 65536),
    "no json": (b"<html>", b"<p>" * 20000),
}
CHILD = """
import json, sys
from data_sources.base import Interval, Request
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import TextSignal
now = 1_799_913_600
config = {"kind": "prometheus", "url": sys.argv[1], "timeout_seconds": 60, "max_parallel": 4}
source = PrometheusSource("it", PrometheusConfig.model_validate(config), lambda: now, pause=lambda _: None)
for name in json.loads(sys.argv[2]):
    week = Interval(now - 7 * 86400, now, 300)
    answers = list(source.fetch([Request(str(i), TextSignal(query=f"{name}_{i}"), week) for i in range(2)]))
    codes = sorted({answer.error.code if answer.error else "" for answer in answers})
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(json.dumps([name, codes, peak // 1024]), flush=True)
"""


def peaks(url: str, names: list[str]) -> list[tuple[str, list[str], int]]:
    """The codes of two answers at once, and the highest memory so far in MB, after each kind of answer."""
    command = [sys.executable, "-c", CHILD, url, json.dumps(names)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=500)
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def ranges_only(replies: dict[str, Reply]) -> Answering:
    def answer(call: Call) -> Reply:
        if "start" not in call.form:
            return healthy(call)
        return next(reply for name, reply in replies.items() if name.replace(" ", "_") in call.form["query"])

    return answer


def assert_bounded(found: list[tuple[str, list[str], int]], names: list[str]) -> None:
    assert [name for name, *_ in found] == names
    for name, codes, megabytes in found:
        assert megabytes < MOST_MB, name
        assert set(codes) <= {"bad_answer", "timed_out"}, name  # the latter on a busy machine
        assert codes, name


def test_answers_without_end_take_little_memory(server: FaultServer) -> None:
    server.answer = ranges_only(
        {name: Reply(wire=HEAD + b"\r\n" + first, endlessly=more) for name, (first, more) in ENDLESS.items()}
    )
    names = [name.replace(" ", "_") for name in ENDLESS]
    assert_bounded(peaks(server.url, names), names)


def test_bombs_of_gzip_take_little_memory(server: FaultServer) -> None:
    head = HEAD + b"Content-Encoding: gzip\r\n\r\n"
    bombs = {
        "blanks": gzip.compress(b"{" + b" " * (200 * 2**20), 6),
        "texts": gzip.compress(b'{"warnings":[' + b'"w",' * (20 * 2**20), 6),
    }
    server.answer = ranges_only({name: Reply(wire=head + bomb) for name, bomb in bombs.items()})
    assert_bounded(peaks(server.url, list(bombs)), list(bombs))


def test_a_large_honest_answer_is_read_in_parts(server: FaultServer) -> None:
    """300 series that never share a bucket, each with a long label: 60 MB in all, asked for in parts."""

    def churning(call: Call) -> Reply:
        if "start" not in call.form:
            return healthy(call)
        start, end, step = (int(call.form[name]) for name in ("start", "end", "step"))
        blank = b" " * 15_000
        series = [b'{"metric":{"pod":"%d"},%s"values":[[%d,"1"]]}' % (t, blank, t) for t in range(start, end + 1, step)]
        return Reply(START + b",".join(series) + b"]}}")

    server.answer = churning
    ((_, codes, megabytes),) = peaks(server.url, ["churn"])
    assert codes == [""]
    assert megabytes < MOST_MB

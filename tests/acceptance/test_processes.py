"""Several processes on one ledger, and processes that are killed."""

from __future__ import annotations

import signal
import threading

import pytest

from tests.acceptance.command import Place, rfc3339
from tests.acceptance.shop import SMALL, sources
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, healthy

pytestmark = pytest.mark.slow

SLOS = 6


def many(server: FaultServer) -> dict[str, str]:
    """Files with several SLOs, each with queries of its own."""
    apps = {
        f"app_a{n}": SMALL.replace("app: shop", f"app: a{n}").replace("http_requests_total", f"requests_{n}_total")
        for n in range(SLOS)
    }
    return {"sources": sources(server.url), **apps}


def test_processes_that_sync_at_once_end_well_and_agree(place: Place, server: FaultServer) -> None:
    place.write(**many(server))
    environ = {"TOMONI_NOW": rfc3339(NOW)}
    running = [place.start("sync", environ=environ) for _ in range(3)]
    running.append(place.start("status", "--format", "json", environ=environ))
    ended = [(process.communicate(timeout=300), process.returncode) for process in running]
    assert [(err, code) for (_, err), code in ended] == [("", 0)] * 4
    after = place.status("--no-sync", **environ)
    assert {(slo["total"], slo["coverage"]) for slo in after.body["slos"]} == {(8064.0, 1.0)}


def test_a_sync_that_is_killed_loses_nothing_that_was_there_and_is_made_good(place: Place, server: FaultServer) -> None:
    place.write(**many(server))
    environ = {"TOMONI_NOW": rfc3339(NOW)}
    for answers in (0, 5, 9):
        reached, over = threading.Event(), threading.Event()
        left = [answers]

        def answer(call: Call, reached=reached, over=over, left=left) -> Reply:
            left[0] -= 1
            if left[0] < 0:
                reached.set()
                over.wait(120)
            return healthy(call)

        server.answer = answer
        process = place.start("sync", environ=environ)
        assert reached.wait(90)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=300)
        over.set()
        known = place.status("--no-sync", **environ)
        assert (known.code, known.err) == (0, "")
        assert {slo["coverage"] for slo in known.body["slos"]} <= {0.0, 1.0}
    server.answer = healthy
    ended = place.status(**environ)
    assert (ended.code, ended.err) == (0, "")
    assert {(slo["total"], slo["coverage"]) for slo in ended.body["slos"]} == {(8064.0, 1.0)}

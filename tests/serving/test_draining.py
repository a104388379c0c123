"""A process that is told to end says so at once, hands over, and lets what runs come to its end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from tests.real_prometheus import free_port
from tests.use_cases.test_background import wait_until
from tests.use_cases.test_collecting import Several, quick, several, shop
from tomoni.serving.draining import Draining
from tomoni.ui import context

__all__ = ["quick", "several", "shop"]
SERVER = """
import asyncio, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tomoni.serving.around import while_served
from tomoni.serving.draining import Draining
from tomoni.serving.probes import probes

draining = Draining(lambda: print("handed over", flush=True), 3)

async def slow(request):
    print("asked", flush=True)
    await asyncio.sleep(4)
    return PlainTextResponse("whole")

routes = [Route("/slow", slow), *probes(lambda: None, lambda: 0, draining=draining)]
app = Starlette(routes=routes, lifespan=while_served(draining))
uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", ws="none")
"""


def asked(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def answers(address: str) -> bool:
    try:
        return asked(address)[0] == 200
    except OSError:
        return False


@pytest.mark.slow
def test_a_request_that_runs_is_answered_while_the_probe_says_that_the_process_ends() -> None:
    port = free_port()
    address, found = f"http://127.0.0.1:{port}", list[tuple[int, str]]()
    with subprocess.Popen([sys.executable, "-c", SERVER, str(port)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        wait_until(lambda: answers(f"{address}/healthz"), 60)
        request = threading.Thread(target=lambda: found.append(asked(f"{address}/slow")))
        request.start()
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "handed over\n"
        status, body = asked(f"{address}/readyz")
        assert (status, json.loads(body)) == (503, {"status": "draining"})
        assert answers(f"{address}/healthz")
        request.join(30)
        assert process.wait(120) in {0, -signal.SIGTERM}
    assert found == [(200, "whole")]
    with pytest.raises(OSError, match="refused"):
        asked(f"{address}/readyz")


def test_told_twice_it_ends_at_once() -> None:
    ends: list[str] = []
    draining = Draining(lambda: None, 60)
    draining.begin(lambda: ends.append("in time"))
    assert (draining(), ends) == (True, [])
    draining.begin(lambda: ends.append("at once"))
    assert ends == ["at once"]


def test_another_process_asks_the_sources_as_soon_as_this_one_is_told_to_end(
    several: Several, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tomoni.use_cases.collecting.HOLD_SECONDS", 600)
    monkeypatch.setattr("tomoni.store.leases.HOLD_SECONDS", 600)
    one, other = several.add(), several.add()
    one.collecting.wanted()
    wait_until(lambda: one.collecting.holds)
    other.collecting.wanted(60)
    monkeypatch.setattr(context, "_opened", [one])
    Draining(context.hand_over, 60).begin(lambda: None)
    wait_until(lambda: other.collecting.holds)
    assert not one.collecting.holds

"""The API as it is mounted beside the pages, in the application that is served."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import NOW

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
ASK = """
import json, sys, importlib
from starlette.testclient import TestClient
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni
secret = open_tomoni(ProcessSettings()).meetings.tokens.create("test", None)[0]
asking = TestClient(importlib.import_module(sys.argv[1]).app, "http://127.0.0.1", client=("127.0.0.1", 50000))
body = {"app": "checkout", "at": "2026-11-24T09:00:00Z", "title": "2.41"}
bearer = {"Authorization": "Bearer " + secret}
made = asking.post("/api/events", json=body, headers=bearer)
answers = [asking.get("/api/nothing"), asking.get("/api/events"), asking.delete("/api/status"), made]
answers.append(asking.get("/api/events", headers=bearer))
page = asking.get("/app")
print(json.dumps([[a.status_code, a.headers["content-type"], a.text] for a in (*answers, page)]))
"""


@pytest.mark.parametrize("module", ["app", "asgi"])
def test_the_api_answers_beside_the_pages_and_never_with_a_page(module: str, tmp_path: Path) -> None:
    variables = {
        "TOMONI_CONFIG": str(ROOT / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{tmp_path / 'tomoni.db'}",
        "TOMONI_NOW": NOW,
    }
    command = [sys.executable, "-c", ASK, module]
    environ = {**os.environ, **variables}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    *answers, page = json.loads(done.stdout.splitlines()[-1])
    assert [status for status, _, _ in answers] == [404, 401, 405, 201, 200]
    assert {kind for _, kind, _ in answers} == {"application/json"}
    assert "2.41" in answers[-1][2]
    assert page[1].startswith("text/html")

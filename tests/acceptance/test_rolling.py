"""A new version takes the place of an older one while that runs: both serve and write, unless they are too far apart.

The older version is taken from the history of the repository: the newest one before the last two migrations.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import urllib.request
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.world import NOW, build
from tests.endurance.balancer import ROOT, Behind
from tests.endurance.viewer import Viewer
from tests.store.postgres import PostgresServer, postgres_server
from tomoni.meetings.model import Action
from tomoni.meetings.records import Records
from tomoni.store.engine import open_engine, write
from tomoni.store.schema import HEAD

__all__ = ["postgres_server"]
pytestmark = [pytest.mark.slow, pytest.mark.postgres]
FIRST = 12  # the first revision whose code can be started again on newer tables


def git(*command: str) -> bytes:
    return subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True).stdout


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The checkout of the version before the last two migrations."""
    revision = max(FIRST, int(HEAD) - 2)
    added = f"tomoni/store/migrations/versions/*_{revision + 1:04}.py"
    searched = ("log", "--diff-filter=A", "--format=%H", "--", added)
    try:
        commit = git(*searched).decode().split()[-1]
        packed = git("archive", f"{commit}^")
    except (OSError, subprocess.CalledProcessError, IndexError):
        pytest.skip(
            "the older version is in the history of the repository, which is not here (a tarball, a shallow clone)"
        )
    folder = tmp_path / "old"
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    assert re.search(rf'^HEAD = "{revision:04}"', (folder / "tomoni/store/schema.py").read_text(), re.MULTILINE)
    return folder


def command(root: Path, settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of a version."""
    environ = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **settings}
    done = [sys.executable, "cli.py", *arguments]
    return subprocess.run(done, cwd=root, env=environ, check=False, capture_output=True, text=True, timeout=300)


def post(behind_it: Behind, name: str, token: str, said: str) -> None:
    """Adds an action at a replica."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{behind_it.ports[name]}/api/actions",
        json.dumps({"app": "shop", "text": said}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status in (200, 201)


def test_an_older_version_serves_and_writes_beside_the_new_one_and_is_refused_when_too_far_apart(
    old: Path, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.new_database()
    build(tmp_path)
    settings = {"TOMONI_CONFIG": str(tmp_path / "config"), "TOMONI_DATABASE_URL": url, "TOMONI_NOW": NOW.isoformat()}
    behind_it = Behind(tmp_path, settings, {"a": old})
    try:
        behind_it.start("a")
        behind_it.wait_for("a")
        token = command(old, settings, "token", "create", "rolling", "--app", "shop").stdout.split()[-1]
        post(behind_it, "a", token, "written before")
        behind_it.start("b")  # brings the tables up to date
        behind_it.wait_for("b")
        for name in ("a", "b"):
            viewer = Viewer(f"http://127.0.0.1:{behind_it.ports[name]}")
            for page, query in (("", ""), ("app", "app=shop&days=7"), ("review", "app=shop")):
                viewer.visit(page, query)
            viewer.close()
            post(behind_it, name, token, f"written by {name}")
        engine = open_engine(url)
        written = {each.value.text for each in Records(engine, lambda: 1.0).listed(Action, "shop")}
        assert written == {"written before", "written by a", "written by b"}
        again = command(old, settings, "actions", "--format", "json")
        assert (again.returncode, "written by b" in again.stdout) == (0, True), again.stderr

        reach = text("UPDATE schema_reach SET oldest = :oldest")
        write(engine, lambda connection: connection.execute(reach, {"oldest": HEAD}))  # as a contraction says
        engine.dispose()
        refused = command(old, settings, "status")
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1
        assert f"{HEAD}" in refused.stderr
        assert "Traceback" not in refused.stderr
        behind_it.wait_for("b", 10)
    finally:
        behind_it.end()

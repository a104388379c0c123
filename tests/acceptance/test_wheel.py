"""The package as it is installed: built, put into an environment of its own, used in an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.command import ROOT
from tests.browser.server import patient, settle, wait_until_up

pytestmark = [pytest.mark.wheel, pytest.mark.browser]
MOMENT = "2026-11-24T00:55:00Z"


@pytest.fixture(scope="module")
def tomoni(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command. Its dependencies, and what builds it, are those of this environment, so that nothing is
    fetched or installed twice."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    here = ("--no-build-isolation", "--check-build-dependencies")
    subprocess.run([*pip, "wheel", "--no-deps", *here, "-w", folder, ROOT], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("tomoni-*.whl")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", wheel], check=True)
    (site_packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "venv" / "bin" / "tomoni"


def surrounding(folder: Path) -> dict[str, str]:
    """The variables of a command whose data lie in a folder."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("TOMONI_", "STREAMLIT_", "PYTHON"))
    }
    return {**clean, "LANG": "C.UTF-8", "XDG_DATA_HOME": str(folder / "data"), "TOMONI_NOW": MOMENT}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return surrounding(tmp_path)


def run(tomoni: Path, environ: dict[str, str], folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [tomoni, *args], check=False, cwd=folder, env=environ, capture_output=True, text=True, timeout=300
    )


@contextmanager
def started(tomoni: Path, environ: dict[str, str], folder: Path, *args: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([tomoni, *args, "--port", str(port)], cwd=folder, env=environ, stdout=subprocess.DEVNULL)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(120)


def test_the_command_is_called_by_its_own_name(tomoni: Path, environ: dict[str, str], tmp_path: Path) -> None:
    ended = run(tomoni, environ, tmp_path, "--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith("Usage: tomoni [OPTIONS] COMMAND")


def test_an_empty_folder_is_told_what_to_do(tomoni: Path, environ: dict[str, str], tmp_path: Path) -> None:
    for command in ("check", "serve"):
        ended = run(tomoni, environ, tmp_path, command)
        assert ended.returncode == 1
        assert "--config" in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.fixture(scope="module")
def played(tomoni: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    """The folder that the demo was started in, after its page of an app was seen whole."""
    folder = tmp_path_factory.mktemp("played")
    with started(tomoni, surrounding(folder), folder, "demo") as address:
        page = patient(browser.new_context()).new_page()
        page.goto(f"{address}/app?app=checkout")
        expect(page.locator(".js-plotly-plot .scatterlayer").first).to_be_attached()
        settle(page)
        page.context.close()
    return folder


def test_the_demo_draws_a_page_from_any_folder_and_writes_beside_nothing(played: Path) -> None:
    assert (played / "data" / "tomoni" / "demo.db").is_file()
    assert [entry.name for entry in played.iterdir()] == ["data"]


def test_commands_and_snapshots_work_on_the_demo_that_is_installed(
    tomoni: Path, environ: dict[str, str], tmp_path: Path, played: Path
) -> None:
    (config,) = tomoni.parents[1].glob("lib/python*/site-packages/tomoni/site/config")
    wanted = ["--config", str(config), "--no-sync", "--lang", "ja"]
    ended = run(tomoni, environ, tmp_path, "status", *wanted, "--format", "json")
    assert ended.returncode == 0, ended.stderr
    slos = json.loads(ended.stdout)["slos"]
    assert {slo["app"] for slo in slos} >= {"checkout", "store-search"}
    assert (tmp_path / "data" / "tomoni.db").is_file()
    shutil.copy(played / "data" / "tomoni" / "demo.db", tmp_path / "data" / "tomoni.db")  # what was fetched already
    wanted += ["--app", "order-mail", "--out", "out", "--format", "html,md,json"]
    ended = run(tomoni, environ, tmp_path, "snapshot", *wanted)
    assert ended.returncode == 0, ended.stderr
    assert {file.suffix for file in (tmp_path / "out").rglob("*.*")} >= {".html", ".md", ".json"}

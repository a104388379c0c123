"""Ports that are taken, addresses of other machines, and folders that nothing can be written to."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("command", [["serve"], ["demo"], ["mcp", "--http"], ["collect"]])
def test_a_port_that_is_taken_is_told_before_anything_is_said_to_start(
    run: Run, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(*command, "--port", str(port))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Cannot listen on 127.0.0.1, port {port}: ")


@pytest.mark.parametrize("command", [["serve"], ["mcp", "--http"]])
def test_an_address_of_another_machine_is_told(run: Run, command: list[str]) -> None:
    result = run(*command, "--address", "192.0.2.1", "--port", "8653")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Cannot listen on 192.0.2.1, port 8653: ")


@pytest.mark.parametrize("command", [["export", "parquet"], ["calendar"], ["report"], ["portal", "--no-sync"]])
def test_a_folder_that_nothing_can_be_written_to_is_told_with_what_to_do(
    run: Run, command: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    result = run(*command, "--out", str(file / "within"))
    assert result.exit_code == 1
    assert "Choose another folder, or make it writable" in result.stderr
    assert "unexpected" not in result.stderr

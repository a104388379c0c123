"""Whole processes, measured: wall time and the most memory."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SERVER = b"streamlit"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """How long a process took, and the most memory it held."""

    seconds: float
    megabytes: float


def measure(command: Sequence[str], log: Path, environ: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end. Raises RuntimeError with the end of its output when it fails."""
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(environ or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{log.read_text()[-1500:]}")
    return Run(seconds, usage.ru_maxrss / 1024)


def cpu_seconds(process: int) -> float:
    """Seconds of CPU that a process has taken so far, in steps of a hundredth."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_up(url: str) -> None:
    """Waits until a server answers; raises its last OSError after a minute."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def core_seconds(word: bytes = SERVER) -> float:
    """CPU so far of what this process began whose command has a word: the server, or the browser (``chrom``)."""
    mine, spent = {str(os.getpid())}, 0.0
    for place in sorted(
        (each for each in Path("/proc").iterdir() if each.name.isdigit()), key=lambda each: int(each.name)
    ):
        try:
            stat, command = (place / "stat").read_text().rpartition(")")[2].split(), (place / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if stat[1] in mine:  # who began another has the lower number
            mine.add(place.name)
            spent += (int(stat[11]) + int(stat[12])) / _TICKS if word in command else 0.0
    return spent

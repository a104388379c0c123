"""Replicas of the app on one PostgreSQL, each from a checkout, behind HAProxy as it is shipped (`deploy/haproxy`)."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
NAMES = ("a", "b", "c")  # as the configuration calls them
COOKIE = "tomoni-replica"


def free_ports(count: int) -> list[int]:
    """Ports of this machine on which nobody listens, each another."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@dataclass
class Behind:
    """Replicas and the balancer before them. ``settings`` are the variables (TOMONI_…) of every replica, ``roots`` the
    checkouts that replicas are started from, where not from this one."""

    folder: Path
    settings: Mapping[str, str]
    roots: Mapping[str, Path] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        port, *others = free_ports(1 + len(NAMES))
        self.address = f"http://127.0.0.1:{port}"
        self.ports = dict(zip(NAMES, others, strict=True))
        self.socket = self.folder / "balancer.sock"

    def start(self, name: str) -> None:
        """Starts a replica; `wait_for` waits until it is ready."""
        known = {key: value for key, value in os.environ.items() if not key.startswith(("TOMONI_", "STREAMLIT_"))}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*command, "--server.port", str(self.ports[name])],
                cwd=self.roots.get(name, ROOT),
                env={**known, "TOMONI_URL": self.address, "TOMONI_TRUSTED_PROXIES": "127.0.0.1/32", **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_for(self, name: str, seconds: float = 120) -> None:
        """Raises TimeoutError where a replica does not become ready."""
        _answers(f"http://127.0.0.1:{self.ports[name]}/readyz", self.running[name], seconds)

    def kill(self, name: str) -> None:
        """Ends a replica at once, as a machine that fails does."""
        process = self.running.pop(name)
        process.kill()
        process.wait(120)

    def balance(self) -> None:
        """Starts HAProxy, and waits until it leads to a replica."""
        addresses = {f"REPLICA_{name.upper()}": f"127.0.0.1:{port}" for name, port in self.ports.items()}
        addresses |= {"BALANCER": self.address.removeprefix("http://")}
        environ = {**os.environ, **addresses, "BALANCER_SOCKET": str(self.socket)}
        with (self.folder / "balancer.log").open("wb") as log:
            started = subprocess.Popen(["haproxy", "-db", "-f", str(SHIPPED)], env=environ, stdout=log, stderr=log)
        self.running["balancer"] = started
        _answers(f"{self.address}/readyz", started, 30)

    def tell(self, command: str) -> str:
        """What HAProxy answers to a command of its administration, such as `set server tomoni/a state drain`."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()

    def end(self) -> None:
        """Ends everything that was started."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(120)
        self.running.clear()


def _answers(address: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer")


@contextlib.contextmanager
def behind(folder: Path, settings: Mapping[str, str], roots: Mapping[str, Path] | None = None) -> Iterator[Behind]:
    """Three replicas that are ready, and the balancer; everything ends with the block."""
    replicas = Behind(folder, settings, roots or {})
    try:
        for name in NAMES:
            replicas.start(name)
        for name in NAMES:
            replicas.wait_for(name)
        replicas.balance()
        yield replicas
    finally:
        replicas.end()

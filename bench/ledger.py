"""`status` on 250 SLOs: beside the bare answers of the server, and beside slo-generator."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from bench.processes import Run, measure
from bench.world import APPS, DAY, ROUTE_SETS, selector, write_slo_generator

STEP = 300
WINDOW_DAYS = 28
PARALLEL = 4  # the default of a source
LIBRARIES = "babel.dates, click, numpy, pydantic_settings, sqlalchemy, yaml"  # that every command imports
SLO_GENERATOR = "slo-generator[prometheus]==2.6.0"


def status(config: Path, folder: Path, *options: str) -> Run:
    """The whole process of `status --format json`."""
    command = [sys.executable, "cli.py", "--config", str(config), "status", "--format", "json", *options]
    return measure(command, folder / "status.json", {"TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db"})


def libraries(folder: Path) -> Run:
    """The whole process of a program that imports the libraries of `status`, and does nothing."""
    return measure([sys.executable, "-c", f"import {LIBRARIES}"], folder / "libraries.log")


def bare_answers(url: str, now: float) -> float:
    """Seconds to fetch and decode what the first `status` asks for: same queries, same parallelism."""
    end = (int(now) - 60) // STEP * STEP
    params = {"start": end - WINDOW_DAYS * DAY + STEP, "end": end, "step": STEP}
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=PARALLEL))

    def ask(query: str) -> int:
        answer = session.post(f"{url}/api/v1/query_range", data={"query": query, **params}, timeout=60)
        answer.raise_for_status()
        return len(answer.json()["data"]["result"][0]["values"])

    began = time.perf_counter()
    with ThreadPoolExecutor(PARALLEL) as pool:
        points = list(pool.map(ask, _queries()))
    seconds = time.perf_counter() - began
    if min(points) < WINDOW_DAYS * DAY // STEP - 1:
        raise RuntimeError("the server does not hold the whole window")
    return seconds


def _queries() -> Iterator[str]:
    for number in range(APPS):
        for routes in ROUTE_SETS:
            for more in ("", ',code=~"5.."'):
                yield f"sum(increase({selector(f'app-{number:02}', routes, more)}[5m]))"


def slo_generator(folder: Path, url: str) -> Run:
    """The whole process of slo-generator on the same SLOs and server."""
    slos, config = write_slo_generator(folder, url)
    command = [str(slo_generator_program()), "compute", "-f", str(slos), "-c", str(config)]
    return measure(command, folder / "slo-generator.log")


def slo_generator_program() -> Path:
    """slo-generator in an environment of its own, installed from PyPI where it is not there yet."""
    environment = Path("build/slo-generator")
    program = environment / "bin" / "slo-generator"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "-q", SLO_GENERATOR, "setuptools<81"], check=True)
    return program

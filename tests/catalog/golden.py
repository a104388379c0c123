"""The cases of the golden suite: a folder each, with the problems that it must tell."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, Problem

HERE = Path(__file__).parent
BAD = sorted(path.name for path in (HERE / "bad").iterdir() if path.is_dir())
SECRET = "hush-hush"
# TENANT and TOKEN are not set.
ENVIRON = {"HOST": "prometheus.example.com", "SECRET": SECRET, "EMPTY": " ", "LINE": f"{SECRET}\n"}


def load_case(name: str) -> Catalog:
    """The catalog of a case."""
    return load(HERE / "bad" / name, ENVIRON)


def told(problems: Iterable[Problem], folder: Path) -> list[str]:
    """Problems as the lines of ``expected.txt``: file, line, severity, code, facts."""
    return [_line(problem, folder) for problem in problems]


def _line(problem: Problem, folder: Path) -> str:
    file = Path(problem.spot.file).relative_to(folder)
    facts = {name: str(fact).replace(str(folder), "…") for name, fact in problem.facts.items()}
    words = [f"{file}:{problem.spot.line}", problem.severity, problem.code]
    return " ".join([*words, *(f"{name}={fact}" for name, fact in sorted(facts.items()))])

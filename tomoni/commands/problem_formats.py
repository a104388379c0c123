"""The problems of the configuration for programs: JSON, annotations of GitHub, and SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tomoni.catalog.schema import Problem, Severity
from tomoni.version import VERSION
from tomoni.words.problems import describe
from tomoni.words.text import Text

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def _sentence(problem: Problem, text: Text) -> str:
    return text.sentences(*(part for part in describe(problem, text) if part))


def _file(problem: Problem) -> str:
    """The file as repositories name it: relative to where the command runs, with slashes."""
    path = Path(problem.spot.file)
    return Path(os.path.relpath(path)).as_posix() if path.is_absolute() else path.as_posix()


def as_json(problems: Sequence[Problem], text: Text) -> str:
    """One object; names are part of the contract."""
    found = [
        {
            "file": problem.spot.file,
            "line": max(problem.spot.line, 1),
            "severity": problem.severity.value,
            "code": str(problem.code),
            "text": _sentence(problem, text),
        }
        for problem in problems
    ]
    return json.dumps({"problems": found}, ensure_ascii=False, indent=2)


def as_github(problems: Sequence[Problem], text: Text) -> str:
    """A workflow command for each problem, which GitHub shows at its line in a pull request."""
    return "\n".join(
        f"::{problem.severity.value} file={_property(_file(problem))},line={max(problem.spot.line, 1)},"
        f"title={_property(str(problem.code))}::{_message(_sentence(problem, text))}"
        for problem in problems
    )


def _message(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _message(words).replace(":", "%3A").replace(",", "%2C")


def as_sarif(problems: Sequence[Problem], text: Text) -> str:
    """A log of one run, which code scanning of GitHub and editors read."""
    rules = sorted({str(problem.code) for problem in problems})
    results = [_result(problem, rules, text) for problem in problems]
    driver = {"name": "Tomoni", "version": VERSION, "rules": [{"id": rule} for rule in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _result(problem: Problem, rules: Sequence[str], text: Text) -> Mapping[str, object]:
    artifact = {"uri": _file(problem)}
    region = {"startLine": max(problem.spot.line, 1)}
    return {
        "ruleId": str(problem.code),
        "ruleIndex": rules.index(str(problem.code)),
        "level": "error" if problem.severity is Severity.ERROR else "warning",
        "message": {"text": _sentence(problem, text)},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }


FORMATS: Mapping[str, Callable[[Sequence[Problem], Text], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}

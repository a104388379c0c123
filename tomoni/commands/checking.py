"""`check`: reports all problems of the configuration at once."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from tomoni.catalog.schema import Catalog, Problem, Severity
from tomoni.commands.failures import tell
from tomoni.commands.session import Session
from tomoni.words.text import Text


def run(session: Session, offline: bool) -> int:
    """Reports each problem on one line and counts what is configured; returns the exit code."""
    catalog, found = _read(session) if offline else (session.tomoni.catalog, session.tomoni.check())
    problems = sorted([*catalog.problems, *found], key=lambda problem: (problem.spot.file, problem.spot.line))
    tell(session.lines(problems))
    click.echo(summary(catalog, problems, session.text))
    return 1 if any(problem.severity is Severity.ERROR for problem in problems) else 0


def _read(session: Session) -> tuple[Catalog, tuple[Problem, ...]]:
    """Reads the files only, without a database or any source."""
    from tomoni.catalog.load import load

    settings = session.settings
    return load(settings.config, os.environ, settings.variables()), ()


def summary(catalog: Catalog, problems: Sequence[Problem], text: Text) -> str:
    """One line: what is configured, and how many errors and warnings it has."""
    journeys = [journey for app in catalog.apps for journey in app.journeys]
    slos = sum(len(journey.slos) for journey in journeys)
    signals = sum(len(app.infra) for app in catalog.apps)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    counts = [
        text.n_("%(n)s app", "%(n)s apps", len(catalog.apps)) % {"n": len(catalog.apps)},
        text.n_("%(n)s journey", "%(n)s journeys", len(journeys)) % {"n": len(journeys)},
        text.n_("%(n)s SLO", "%(n)s SLOs", slos) % {"n": slos},
        text.n_("%(n)s infra signal", "%(n)s infra signals", signals) % {"n": signals},
        text.n_("%(n)s source", "%(n)s sources", len(catalog.sources)) % {"n": len(catalog.sources)},
    ]
    wrong = [
        text.n_("%(n)s error", "%(n)s errors", errors) % {"n": errors},
        text.n_("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings},
    ]
    judged = text.join(wrong) if problems else text._("no problems found")
    return text._("%(counts)s: %(judged)s.") % {"counts": text.join(counts), "judged": judged}

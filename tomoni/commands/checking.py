"""`check`: reports all problems of the configuration at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

import click

from tomoni.catalog.schema import Catalog, Problem, Severity
from tomoni.commands.failures import report_lines
from tomoni.commands.problem_formats import FORMATS
from tomoni.commands.session import Session
from tomoni.words.text import Text


def run(session: Session, offline: bool, form: str = "text") -> int:
    """Reports each problem on one line and counts what is configured, or writes the problems for a program to standard
    output; returns the exit code."""
    catalog, found = _read(session) if offline else _asked(session)
    problems = once([*(catalog.problems if catalog else ()), *found])
    problems.sort(key=lambda problem: (problem.spot.file, problem.spot.line))
    if form in FORMATS:
        written = FORMATS[form](problems, session.text)
        click.echo(written, nl=bool(written))
    else:
        report_lines(session.lines(problems))
        closed = session.text._("Nothing else is told until the rules of access can be read.")
        click.echo(summary(catalog, problems, session.text) if catalog else closed)
    return 1 if any(problem.severity is Severity.ERROR for problem in problems) else 0


# The catalog that the account sees, and what is wrong besides; or None, and why the rules of access cannot be read.
_Found = tuple[Catalog | None, tuple[Problem, ...]]


def _read(session: Session) -> _Found:
    """Reads the files only, without a database or any source."""
    from tomoni.catalog.load import unread_rules
    from tomoni.use_cases.seen import catalog_of

    files = session.read_files()
    if unread := unread_rules(files.catalog, files.access):
        return None, unread
    return catalog_of(files.catalog, session.grants(files.catalog, files.access)), ()


def _asked(session: Session) -> _Found:
    if unread := session.unread_rules:
        return None, unread
    return session.tomoni.catalog, session.tomoni.check()


# What a source finds about a query that the files show as well, under the code of the files.
_SHOWN_BY_FILES = {"no_window": "window_not_used", "only_a_rate": "rate_as_count"}


def once(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once: what concerns several parts of one query names them together, and what the files
    show already is not repeated by the source."""
    grouped: dict[Hashable, list[Problem]] = {}
    for problem in problems:
        code = _SHOWN_BY_FILES.get(problem.code, problem.code)
        apart = code not in _SHOWN_BY_FILES.values()
        facts = sorted((name, fact) for name, fact in problem.facts.items() if name != "role" and apart)
        grouped.setdefault((problem.spot, code, *facts), []).append(problem)
    return [_together(group) for group in grouped.values()]


def _together(group: Sequence[Problem]) -> Problem:
    roles = dict.fromkeys(str(problem.facts.get("role", "")) for problem in group)
    if "" in roles:
        return next(problem for problem in group if not problem.facts.get("role"))
    return replace(group[0], facts={**group[0].facts, "role": ", ".join(roles)})


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

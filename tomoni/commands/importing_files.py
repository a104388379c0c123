"""`import FROM PATH…`: app files from the SLO files of other tools, with a report of what became of everything."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from data_sources.durations import format_duration
from tomoni.catalog.codes import severity_of
from tomoni.catalog.document import Document
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, Problem, Spot
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.importing import in_the_way, write_texts
from tomoni.commands.judging_queries import Servers
from tomoni.commands.lengths import read_length
from tomoni.commands.session import Session
from tomoni.dialects.apps import NewApp, apps_of
from tomoni.dialects.documents import documents_of, templates_in
from tomoni.dialects.found import DAY, Imported, Wanted
from tomoni.dialects.proof import Unprovable, proven
from tomoni.dialects.refusing import note_refused
from tomoni.dialects.registry import BY_NAME, Dialect
from tomoni.dialects.report import Fate, Line
from tomoni.dialects.windows import anything_assumed, told_of_windows
from tomoni.words.dialects import line_text, why
from tomoni.words.imported_file import imported_text
from tomoni.words.problems import describe
from tomoni.words.text import Text

_DEFAULT_SOURCES = {"prometheus": "prometheus", "cloud_monitoring": "gcp"}
_ASSUMED_WINDOW = 30 * DAY


@dataclass(frozen=True, slots=True)
class ImportFilesOptions:
    """From which files of which dialect, with what the files leave open, and where the app files go.

    ``window_seconds`` is that of SLOs without one, ``source`` that of queries whose files name none of sources.yaml;
    ``names`` maps the sources of the specs to ids of sources.yaml.
    """

    system: str
    paths: tuple[Path, ...]
    out: Path | None = None
    source: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    window_seconds: int | None = None
    app: str | None = None
    dry_run: bool = False
    force: bool = False
    as_json: bool = False


@dataclass(slots=True)
class _NewFile:
    """A file that is written, or would be; ``refused`` says why it is not."""

    path: Path
    app: NewApp
    text: str
    refused: str = ""


class _Sources:
    """Which source a spec's queries go to; remembers those that sources.yaml does not have yet."""

    def __init__(self, catalog: Catalog, options: ImportFilesOptions) -> None:
        self._catalog, self._options = catalog, options
        self.kinds = {name: config.kind for name, config in catalog.sources.items()}
        self.missing: dict[str, str] = {}

    def of(self, kind: str, name: str) -> str:
        """The id for a kind, and the name that a spec has for the source: mapped, of that name, asked for, of that
        kind, or new."""
        # A name that is no more than that of a kind, as slo-generator's are, names nothing that --source is not for.
        named = name if name != kind and name in self._catalog.sources else None
        found = self._options.names.get(name) or named or self._options.source or self._only(kind, name)
        if found not in self.kinds and found not in self._catalog.unusable_sources:
            self.missing[found] = self.kinds[found] = kind
        return found

    def kind_of(self, name: str) -> str:
        """The kind of the source that was named for a name of the specs; empty where none was."""
        mapped = self._options.names.get(name)
        return self.kinds.get(mapped, "") if mapped else ""

    def _only(self, kind: str, name: str) -> str:
        if name in self.kinds:
            return name
        fitting = [id_ for id_, each in self.kinds.items() if each == kind]
        return fitting[0] if fitting else _DEFAULT_SOURCES.get(kind, kind)


def run(session: Session, options: ImportFilesOptions) -> int:
    """Reads the files, writes or shows the app files, and reports; returns the exit code."""
    text, folder = session.text, session.settings.config
    catalog = load(folder, os.environ)
    unknown = [id_ for id_ in options.names.values() if id_ not in catalog.sources]
    if unknown:
        phrase = text._("There is no source %(source)s in sources.yaml that can be used.")
        raise Refusal([phrase % {"source": text.quote(id_)} for id_ in unknown])
    dialect = BY_NAME[options.system]
    documents = [each for each in documents_of(options.paths) if each.data is not None or each.faults]
    problems = [problem for document in documents for problem in document.problems()]
    sources = _Sources(catalog, options)
    wanted = Wanted(sources.of, sources.kind_of, options.window_seconds, options.app)
    imported = _read(dialect, documents, wanted, None if options.as_json else text)
    with Servers(catalog.sources, session.settings.now.timestamp() if session.settings.now else time.time()) as servers:
        note_refused(imported, servers.judge)
    out = options.out or folder / "apps"
    files = _files(imported, dialect, sources.kinds, text)
    new = [_NewFile(out / f"{app.id}.yaml", app, content) for app, content in files if app.journeys]
    for file in new:
        file.refused = "" if options.dry_run else in_the_way(file.path, catalog, options.force, text)
    if not options.dry_run:
        write_texts({file.path: file.text for file in new if not file.refused}, text)
    report = [line for reading in imported.readings for line in reading.lines()]
    report_lines([_unrendered(file, line, text) for file, line in templates_in(documents)])
    if options.as_json:
        _show_json(new, report, problems, options.dry_run, session)
    else:
        _show(new, report, problems, options, session)
        _show_sources(sources.missing, options.dry_run, text)
    return 1 if problems or not new or any(file.refused for file in new) else 0


def _read(dialect: Dialect, documents: Sequence[Document], wanted: Wanted, text: Text | None) -> Imported:
    """What the documents hold. With ``text`` a window that no file says is asked for at a terminal, for the SLOs
    without one."""
    readable = [each for each in documents if each.data is not None]
    imported = dialect.read(readable, wanted)
    if text and anything_assumed(imported) and sys.stdin.isatty() and sys.stdout.isatty():
        wanted = replace(wanted, window_seconds=_answered(text))
        imported = dialect.read(readable, wanted)
    told_of_windows(imported, wanted.window_seconds)
    return imported


def _answered(text: Text) -> int:
    """The window, in seconds, of specs that have none: an option of the tool, asked for at a terminal."""
    question = text._("The window is no part of Sloth's files. With which one is it run?")
    default = format_duration(_ASSUMED_WINDOW)
    answer: int = click.prompt(question, default=default, value_proc=lambda given: read_length(given, text))
    return answer


def _unrendered(file: str, line: int, text: Text) -> str:
    """That a file is a template of Helm, in which nothing is filled in."""
    phrase = text._("this is a template of Helm; import what “helm template” makes of it, as nothing is filled in here")
    return f"{file}:{line}: {phrase}"


def _files(imported: Imported, dialect: Dialect, kinds: Mapping[str, str], text: Text) -> list[tuple[NewApp, str]]:
    """The apps with the texts of their files, as the product reads them. Raises Refusal."""
    try:
        return [proven(app, lambda one: imported_text(one, dialect.name, text), kinds) for app in apps_of(imported)]
    except Unprovable as error:
        fault = error.fault
        found = Problem(Spot("", 0), severity_of(fault.code), fault.code, fault.facts)
        raise Refusal([text.sentences(*describe(found, text))]) from None


def _show(
    new: Sequence[_NewFile],
    report: Sequence[Line],
    problems: Sequence[Problem],
    options: ImportFilesOptions,
    session: Session,
) -> None:
    """The files on standard output; the report of what is not exact, and what could not be read, on standard error."""
    text = session.text
    for file in new:
        if options.dry_run:
            click.echo(f"# {file.path}\n{file.text}")
        elif not file.refused:
            n = len(file.app.slos)
            wrote = text.n_("Wrote %(file)s with %(n)s SLO.", "Wrote %(file)s with %(n)s SLOs.", n)
            click.echo(wrote % {"file": text.quote(file.path), "n": text.count(n)})
    report_lines([line_text(line, text) for line in report if line.fate is not Fate.EXACT or line.reason])
    report_lines([*session.lines(problems), *(file.refused for file in new if file.refused)])
    if not new:
        report_lines([text._("No SLO was found that can be brought in.")])
    # Shown files stay files when they are sent into one.
    click.echo(_summary(new, report, text), err=options.dry_run)


def _summary(new: Sequence[_NewFile], report: Sequence[Line], text: Text) -> str:
    """How much came over, in one line."""
    slos = sum(len(file.app.slos) for file in new)
    counts = {fate: sum(line.fate is fate for line in report) for fate in Fate}
    phrase = text._(
        "SLOs: %(slos)s, apps: %(apps)s. Keys: %(exact)s exact, %(approximated)s approximated, "
        "%(not_expressible)s not expressible, %(ignored)s ignored."
    )
    return phrase % {"slos": slos, "apps": len(new), **{fate.value: n for fate, n in counts.items()}}


def _show_sources(missing: Mapping[str, str], dry: bool, text: Text) -> None:
    for name, kind in missing.items():
        keys = {"prometheus": "url: http://127.0.0.1:9090", "cloud_monitoring": "project: my-project"}
        written = f"{name}: {{kind: {kind}, {keys.get(kind, '…')}}}"
        click.echo(text._("Add the source to sources.yaml: %(source)s") % {"source": written}, err=dry)


def _show_json(
    new: Sequence[_NewFile], report: Sequence[Line], problems: Sequence[Problem], dry: bool, session: Session
) -> None:
    """One object on standard output: the files, every line of the report, and what could not be read."""
    text = session.text
    answer = {
        "files": [_file_json(file, dry) for file in new],
        "report": [_line_json(line, text) for line in report],
        "problems": [{"file": p.spot.file, "line": p.spot.line, "code": str(p.code)} for p in problems],
    }
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    report_lines([*session.lines(problems), *(file.refused for file in new if file.refused)])


def _file_json(file: _NewFile, dry: bool) -> dict[str, Any]:
    slos = [f"{journey.id}/{slo.id}" for journey in file.app.journeys for slo in journey.slos]
    written = not dry and not file.refused
    shown = {"text": file.text} if dry else {}
    return {"file": str(file.path), "app": file.app.id, "slos": slos, "written": written, **shown}


def _line_json(line: Line, text: Text) -> dict[str, Any]:
    """A line of the report; names are part of the contract."""
    reason = {"reason": line.reason, "text": why(line, text)} if line.reason else {}
    place = {"file": line.file, "line": line.line, "what": line.what}
    return {**place, "fate": line.fate.value, "left_out": line.scope if line.left_out else None, **reason}

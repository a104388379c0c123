"""`export TO`: the SLOs as files of other tools, with a report of what these cannot hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import Catalog
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.importing import write_texts
from tomoni.commands.session import Session
from tomoni.dialects.joining import joined
from tomoni.dialects.registry import BY_NAME
from tomoni.dialects.report import Fact, Fate, Line
from tomoni.dialects.written import Exported, Target
from tomoni.words.dialects import line_text, reason_text, why
from tomoni.words.text import Text

_DEPTH_OF_SLOS = 2  # slashes in the path of an SLO; those of apps and journeys have fewer


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """To which dialect, which apps (none: all), and where the files go (None: to standard output)."""

    system: str
    apps: tuple[str, ...] = ()
    out: Path | None = None
    options: Mapping[str, str] | None = None
    as_json: bool = False


def run(session: Session, options: ExportOptions) -> int:
    """Writes the files, or shows them, and reports; returns the exit code."""
    text = session.text
    catalog = session.seen_files()
    session.refuse_unusable(catalog)
    for app in options.apps:
        session.known_app(catalog, app)
    apps = [app for app in catalog.apps if not options.apps or app.id in options.apps]
    exported = BY_NAME[options.system].write(apps, _target(session, catalog, options))
    lines = [_located(line, catalog) for line in exported.lines]
    if options.out is None and not options.as_json and joined(options.system, exported.files) is None:
        phrase = text._("These are %(n)s files, which are no one document; name a folder for them with --out.")
        raise Refusal([phrase % {"n": text.count(len(exported.files))}])
    if options.out is not None:
        write_texts({options.out / name: content for name, content in exported.files.items()}, text)
    failed = session.report_errors(catalog)
    if options.as_json:
        _show_json(exported, lines, options, text)
    else:
        _show(exported, lines, options, text)
    if not exported.files:
        report_lines([text._("There is no SLO that can be written.")])
    return failed or (0 if exported.files else 1)


def _target(session: Session, catalog: Catalog, options: ExportOptions) -> Target:
    text, url = session.text, session.settings.url
    kinds = {name: config.kind for name, config in catalog.sources.items()}
    given = {**(options.options or {}), **({"url": url} if url else {})}
    names = apart(catalog.apps, text.language)

    def say(code: str, facts: Mapping[str, Fact]) -> str:
        return reason_text(code, facts, text)

    return Target(kinds, given, text.language, catalog.settings, names, say)


def _located(line: Line, catalog: Catalog) -> Line:
    """A line of the report with the place where its element is written."""
    spot = catalog.spots.get(line.what)
    return replace(line, file=spot.file, line=spot.line) if spot else line


def _show(exported: Exported, lines: Sequence[Line], options: ExportOptions, text: Text) -> None:
    if options.out is None:
        click.echo(joined(options.system, exported.files) or "", nl=False)
    report_lines([line_text(line, text) for line in lines if line.fate is not Fate.EXACT])
    if options.out is not None and exported.files:
        click.echo(_summary(exported, lines, options.out, text))


def _summary(exported: Exported, lines: Sequence[Line], out: Path, text: Text) -> str:
    """How much went over, in one line."""
    elements = {line.what: line for line in lines if line.what.count("/") == _DEPTH_OF_SLOS}
    left = {line.what for line in lines if line.left_out} & set(elements)
    differing = {line.what for line in lines if line.fate is not Fate.EXACT} & set(elements) - left
    n = len(exported.files)
    phrase = text.n_(
        "Wrote %(n)s file into %(folder)s. SLOs: %(exact)s exact, %(differing)s with differences, %(left)s left out.",
        "Wrote %(n)s files into %(folder)s. SLOs: %(exact)s exact, %(differing)s with differences, %(left)s left out.",
        n,
    )
    counts = {"exact": len(elements) - len(differing) - len(left), "differing": len(differing), "left": len(left)}
    return phrase % {"n": text.count(n), "folder": text.quote(out), **counts}


def _show_json(exported: Exported, lines: Sequence[Line], options: ExportOptions, text: Text) -> None:
    """One object on standard output; names are part of the contract."""
    files = [_file_json(name, content, options.out) for name, content in exported.files.items()]
    answer = {"files": files, "report": [_line_json(line, text) for line in lines]}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _file_json(name: str, content: str, out: Path | None) -> dict[str, object]:
    return {"file": name, "text": content} if out is None else {"file": str(out / name)}


def _line_json(line: Line, text: Text) -> dict[str, object]:
    reason = {"reason": line.reason, "text": why(line, text)} if line.reason else {}
    place = {"file": line.file, "line": line.line, "what": line.what}
    return {**place, "fate": line.fate.value, "left_out": line.left_out, **reason}

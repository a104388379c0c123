"""`import gcp`: creates app files from the services and SLOs of a Google Cloud project."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import click

from data_sources.cloud_monitoring.config import CloudMonitoringConfig
from data_sources.cloud_monitoring.slos import ServiceEntry
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.errors import SourceError
from tomoni.catalog.google_import import AppFile, LeftOut, app_files
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.session import Session
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.words import errors, exports
from tomoni.words.phrases import length, named, plain
from tomoni.words.text import Text, mark

DEFAULT_SOURCE = "gcp"
_EVERY = "*"
_REASONS = {
    "period": mark("its period (%(value)s) has no counterpart here"),
    "length": mark("its period of %(value)s is not a multiple of the bucket"),
    "window": mark("its windows of %(value)s cannot be buckets: those are whole minutes that divide an hour"),
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Which project, through which source, which services, and where the files go."""

    project: str
    source: str | None = None
    services: tuple[str, ...] = ()
    out: Path | None = None
    dry_run: bool = False
    force: bool = False


def run(session: Session, options: ImportOptions) -> int:
    """Lists the services, lets the user choose, and writes the files; returns the exit code."""
    text, folder = session.text, session.settings.config
    catalog = load(folder, os.environ)
    source_id, config = _source(session, catalog, options)
    source = CloudMonitoringSource(source_id, config)
    try:
        files = _files(source, options, text)
    except SourceError as error:
        reason = text.sentences(*errors.describe(error.code, error.facts, error.detail, text))
        raise Refusal([f"{plain(source_id)}: {reason}"]) from None
    finally:
        source.close()
    code = _deliver(files, options.out or folder / "apps", catalog, options, text)
    if source_id not in catalog.sources and not options.dry_run:
        written = f"{source_id}: {{kind: cloud_monitoring, project: {options.project}}}"
        click.echo(text._("Add the source to sources.yaml: %(source)s") % {"source": written})
    return code


def _source(session: Session, catalog: Catalog, options: ImportOptions) -> tuple[str, CloudMonitoringConfig]:
    """The source that reads the project: the named one, the only one, else one with default credentials."""
    text = session.text
    if options.source in catalog.unusable_sources:
        raise Refusal(session.lines(catalog.errors))
    fitting = {
        name: config
        for name, config in catalog.sources.items()
        if isinstance(config, CloudMonitoringConfig) and config.project == options.project
    }
    if options.source in fitting:
        return options.source, fitting[options.source]
    if options.source in catalog.sources:
        phrase = text._(
            "The source %(source)s does not read the project %(project)s; use one that does, or a new name."
        )
        raise Refusal([phrase % {"source": text.quote(options.source), "project": text.quote(options.project)}])
    if len(fitting) > 1 and options.source is None:
        phrase = text._("Several sources read the project %(project)s; name one with --source: %(known)s.")
        raise Refusal([phrase % {"project": text.quote(options.project), "known": ", ".join(fitting)}])
    if fitting and options.source is None:
        return next(iter(fitting.items()))
    fresh = CloudMonitoringConfig(kind="cloud_monitoring", project=options.project)
    return options.source or _free_name(catalog), fresh


def _free_name(catalog: Catalog) -> str:
    taken = {*catalog.sources, *catalog.unusable_sources}
    names = (DEFAULT_SOURCE, *(f"{DEFAULT_SOURCE}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _files(source: CloudMonitoringSource, options: ImportOptions, text: Text) -> tuple[AppFile, ...]:
    services = source.list_services()
    if not services:
        raise Refusal([text._("The project %(project)s keeps no services.") % {"project": text.quote(options.project)}])
    chosen = _chosen(services, options.services, text)
    kept = {service: source.list_slos(service.name) for service in chosen}
    for service in (service for service, slos in kept.items() if not slos):
        click.echo(text._("%(service)s has no SLOs.") % {"service": text.quote(_shown(service))})
    return app_files(kept, source.id)


def _chosen(services: Sequence[ServiceEntry], wanted: Sequence[str], text: Text) -> list[ServiceEntry]:
    """The named services; without names, those that the user picks at the terminal, else all."""
    if wanted:
        return list(dict.fromkeys(_named(services, name, text) for name in wanted))
    if len(services) == 1 or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return list(services)
    for number, service in enumerate(services, 1):
        click.echo(f"{number:4}  {_shown(service)}")
    question = text._("Which ones? Numbers separated by commas, or * for all")
    answer: list[int] = click.prompt(question, default=_EVERY, value_proc=lambda given: _numbers(given, len(services)))
    return [services[number - 1] for number in answer]


def _numbers(given: str, most: int) -> list[int]:
    """The numbers in a reply at the terminal; click asks again if it is not valid."""
    if given.strip() == _EVERY:
        return list(range(1, most + 1))
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and 1 <= int(part) <= most for part in parts):
        raise click.BadParameter(f"1-{most}, {_EVERY}")
    return list(dict.fromkeys(int(part) for part in parts))


def _named(services: Sequence[ServiceEntry], name: str, text: Text) -> ServiceEntry:
    """Finds a service by its id, full name or title. Raises Refusal if there is none."""
    for service in services:
        if name in (service.name, service.name.rsplit("/", 1)[1], service.title):
            return service
    ids = [service.name.rsplit("/", 1)[1] for service in services]
    near = get_close_matches(name, ids, n=1, cutoff=0.5)
    hint = text._("did you mean %(nearest)s? Services: %(known)s.") if near else text._("use one of: %(known)s.")
    facts = {"service": named(name, text), "nearest": named("".join(near), text), "known": plain(", ".join(ids))}
    raise Refusal([text._("There is no service %(service)s") % facts + "; " + hint % facts])


def _deliver(files: Sequence[AppFile], out: Path, catalog: Catalog, options: ImportOptions, text: Text) -> int:
    """Writes the files, or shows them, and reports what is left out and why; 1 if a file was not written."""
    code = 0
    for file in files:
        report_lines([_left_out(one, text) for one in file.left_out])
        if not file.slos:
            continue
        refused = "" if options.dry_run else in_the_way(out / file.name, catalog, options.force, text)
        if refused:
            report_lines([refused])
            code = 1
        elif options.dry_run:
            click.echo(f"# {out / file.name}\n{file.text}")
        else:
            write_texts({out / file.name: file.text}, text)
            wrote = text.n_("Wrote %(file)s with %(n)s SLO.", "Wrote %(file)s with %(n)s SLOs.", file.slos)
            click.echo(wrote % {"file": text.quote(out / file.name), "n": text.count(file.slos)})
    return code


def in_the_way(target: Path, catalog: Catalog, force: bool, text: Text) -> str:
    """Why the file of an app cannot be written; empty if it can."""
    if target.exists() and not force:
        return text._("%(file)s already exists and was not changed; overwrite it with --force.") % {
            "file": text.quote(target)
        }
    app = catalog.app(target.stem)
    if app is not None and not target.exists():
        phrase = text._("%(file)s is not written: the app %(app)s is already in %(other)s.")
        return phrase % {"file": text.quote(target), "app": text.quote(app.id), "other": text.quote(app.file)}
    return ""


def write_texts(files: Mapping[Path, str], text: Text) -> None:
    """Writes files, with their folders; each folder is made, and cleared of what is left in it, once. Raises
    Refusal."""
    try:
        for folder in dict.fromkeys(path.parent for path in files):
            make_folder(folder)
        for path, content in files.items():
            write_bytes(path, content.encode())
    except SnapshotError as error:
        raise Refusal([text.sentences(*exports.describe(error.code, error.facts, error.detail, text))]) from None


def _left_out(one: LeftOut, text: Text) -> str:
    why = text._(_REASONS[one.reason]) % {"value": length(one.value, text)}
    return text._("%(slo)s is left out: %(why)s.") % {"slo": named(one.slo, text), "why": why}


def _shown(service: ServiceEntry) -> str:
    own = service.name.rsplit("/", 1)[1]
    return plain(f"{service.title} ({own})" if service.title else own)

"""`init`: starts a configuration of one's own beside the demo, with what can be known filled in."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from zoneinfo import available_timezones

from data_sources.base import Source
from data_sources.errors import SourceError
from tomoni.catalog.load import load
from tomoni.commands import first_of_source
from tomoni.commands.checking import summary
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.first_files import BESIDE_APPS, Start, files, title_of
from tomoni.commands.next_steps import command, usual
from tomoni.commands.proposing import Wanted, proposed
from tomoni.commands.session import Session
from tomoni.exploring.draft import Draft
from tomoni.words import errors
from tomoni.words.phrases import plain
from tomoni.words.said_by_others import reason_of
from tomoni.words.text import Text

DEFAULT_FOLDER = Path("my-config")
_ANSWER_SECONDS = "10"
_MOST_OF_FILES = 20  # journeys: somebody made each of the files for this


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Where the configuration goes, the id of its first app, and its source: at most one of the four, of which
    ``source`` is one that the configuration has already."""

    folder: Path | None
    app: str
    prometheus: str | None
    gcp: str | None
    files: Path | None
    source: str | None = None


def run(session: Session, options: InitOptions) -> int:
    """Writes the files, all of them or none, and names the next step; returns the exit code."""
    text = session.text
    if options.source is not None:
        return first_of_source.run(session, options.folder or session.settings.config, options.source, options.app)
    folder = options.folder or _named_elsewhere(session) or DEFAULT_FOLDER
    _refuse_existing([folder / name for name in (*BESIDE_APPS, f"apps/{options.app}.yaml")], text)
    start = _start(session, options, folder)
    texts = files(start, folder, text)
    _refuse_errors(session, texts, options)
    _write(texts, folder, text)
    catalog = load(folder, os.environ)
    session.done.say(text._("Wrote %(files)s.") % {"files": text.join([text.quote(folder / name) for name in texts])})
    report_lines(session.lines(catalog.problems))
    session.done.say(summary(catalog, catalog.problems, text))
    for line in _next_steps(start, options, folder, text):
        session.done.say(line)
    session.done.facts = {"folder": str(folder), "files": list(texts), "proposed": start.draft is not None}
    return 0


def _named_elsewhere(session: Session) -> Path | None:
    """The folder that --config or the environment names."""
    return session.settings.config if session.config or os.environ.get("TOMONI_CONFIG") else None


def _start(session: Session, options: InitOptions, folder: Path) -> Start:
    """The source with its keys, and the app that can be proposed for it."""
    source: str | None = None
    keys: dict[str, str] = {}
    draft: Draft | None = None
    if options.prometheus is not None:
        source, keys = "prometheus", {"kind": "prometheus", "url": options.prometheus}
        draft = _of_prometheus(options.prometheus, options.app, session)
    elif options.gcp is not None:
        source, keys = "gcp", {"kind": "cloud_monitoring", "project": options.gcp}
        draft = _of_project(options.gcp, options.app, session)
    elif options.files is not None:
        source, keys = "exports", {"kind": "files", "path": _relative(options.files, folder)}
        draft = _of_folder(options.files, options.app, session)
    return Start(options.app, source, keys, _timezone(), draft)


def _of_prometheus(url: str, app: str, session: Session) -> Draft | None:
    """An app on what the server has; none where it does not answer, which is reported, or has nothing."""
    from pydantic import ValidationError

    from data_sources.prometheus.config import PrometheusConfig
    from data_sources.prometheus.source import PrometheusSource

    try:
        config = PrometheusConfig.model_validate({"kind": "prometheus", "url": url, "timeout_seconds": _ANSWER_SECONDS})
    except ValidationError:
        return None  # what is wrong with it is found by checking the file
    if next(iter(config.faults()), None):
        return None
    return _of_source(PrometheusSource("prometheus", config), url, app, session)


def _of_project(project: str, app: str, session: Session) -> Draft | None:
    """An app on what a project of Google Cloud has, for whoever is signed in."""
    from pydantic import ValidationError

    from data_sources.cloud_monitoring.config import CloudMonitoringConfig
    from data_sources.cloud_monitoring.source import CloudMonitoringSource

    keys = {"kind": "cloud_monitoring", "project": project, "timeout_seconds": _ANSWER_SECONDS}
    try:
        config = CloudMonitoringConfig.model_validate(keys)
    except ValidationError:
        return None
    return _of_source(CloudMonitoringSource("gcp", config), project, app, session)


def _of_folder(folder: Path, app: str, session: Session) -> Draft | None:
    """An app on all files of a folder that have counts. Raises Refusal if there is no such folder."""
    if not folder.is_dir():
        phrase = session.text._("There is no folder %(folder)s; create it, or name another one.")
        raise Refusal([phrase % {"folder": session.text.quote(folder)}])
    from data_sources.files.config import FilesConfig
    from data_sources.files.source import FilesSource

    config = FilesConfig.model_validate({"kind": "files", "path": str(folder.resolve())})
    return _of_source(FilesSource("exports", config), str(folder), app, session, most=_MOST_OF_FILES)


def _of_source(source: Source, named: str, app: str, session: Session, most: int = 1) -> Draft | None:
    """An app on what a source has, with at most so many journeys; why not, where it does not answer."""
    text = session.text
    try:
        draft = proposed(source, Wanted(app, title_of(app), int(time.time()), most), text)
        if draft is None:
            session.done.say(_nothing(source, text))
        return draft
    except SourceError as error:
        said = text.sentences(*errors.describe(error.code, error.facts, error.detail, text))
        report_lines([f"{plain(named)}: {said}"])
        return None
    finally:
        source.close()


def _nothing(source: Source, text: Text) -> str:
    if source.kind == "files":
        return text._(
            "No file has a column time and columns that count, such as total and bad, or requests and errors; "
            "the app's file has examples."
        )
    return text._("Nothing was found that looks like requests, jobs or checks; the file has examples.")


def _relative(path: Path, folder: Path) -> str:
    """A path as it is written in a file of the folder."""
    return path.as_posix() if path.is_absolute() else Path(os.path.relpath(path, folder)).as_posix()


def _timezone() -> str:
    """The time zone of this machine by its name; UTC where that is not known."""
    for name in (os.environ.get("TZ", "").lstrip(":"), os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]):
        if name in available_timezones() and not name.startswith("Etc/"):
            return name
    return "UTC"


def _refuse_errors(session: Session, texts: Mapping[str, str], options: InitOptions) -> None:
    """Raises Refusal if the files would have errors. There is no line to look at: an option brought them."""
    with TemporaryDirectory() as name:
        for file, text in texts.items():
            path = Path(name) / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if found := load(Path(name), os.environ).errors:
            unkeyed = [replace(problem, key="") for problem in found]  # the option is what was written
            raise Refusal([_by_option(line, name, options) for line in session.lines(unkeyed)])


def _by_option(line: str, folder: str, options: InitOptions) -> str:
    """The line of a problem of files in a folder, with the option in place of file and line. Not with its value, which
    may hold a password."""
    file, _, said = line.removeprefix(folder + os.sep).partition(": ")
    sources = {"--prometheus": options.prometheus, "--gcp": options.gcp, "--files": options.files}
    given = [option for option, value in sources.items() if value is not None]
    return f"{given[0] if given and file.startswith('sources.') else '--app'}: {said}"


def _refuse_existing(files: Sequence[Path], text: Text) -> None:
    """Raises Refusal if a file is there already, before any source is asked."""
    if there := [each for each in files if each.exists()]:
        phrase = text._("Nothing is overwritten, and there is already: %(files)s; name another folder.")
        raise Refusal([phrase % {"files": text.join([text.quote(each) for each in there])}])


def _write(texts: Mapping[str, str], folder: Path, text: Text) -> None:
    """Writes the files. Raises Refusal, with none of them left behind, if one cannot be written."""
    written: list[Path] = []
    try:
        for name, content in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8") as file:
                written.append(folder / name)
                file.write(content)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        phrase = text._("%(folder)s cannot be written (%(reason)s); name another folder.")
        raise Refusal([phrase % {"folder": text.quote(folder), "reason": reason_of(error, text)}]) from None


def _next_steps(start: Start, options: InitOptions, folder: Path, text: Text) -> Iterator[str]:
    yield text._("Next:")
    if options.gcp is not None:
        yield f"{command(folder)} import gcp --project {quote(options.gcp)}"
    if start.draft is None:
        yield "  " + text._("describe your journeys in %(file)s") % {
            "file": text.quote(folder / "apps" / f"{start.app}.yaml")
        }
        if start.source is not None:
            yield "  " + text._("or let the source propose an app, once it has what users would notice:")
            yield f"{command(folder)} init --source {start.source} --app {start.app}-2"
    yield from usual(folder)

"""Reads the folder of configuration files into one catalog, with every problem of every file.

Nothing that users wrote raises: what has errors is left out, and the rest stays usable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import exists, isdir
from pathlib import Path

from data_sources.config import SourceConfig
from tomoni.catalog.apps import AppReader
from tomoni.catalog.beside_apps import with_agendas, with_exclusions, with_risks
from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.document import Document
from tomoni.catalog.environment import unknown_variables
from tomoni.catalog.files_in_force import FilesInForce, source_spot
from tomoni.catalog.ledger_keeping import too_short
from tomoni.catalog.notifying import NOTHING, Notifications
from tomoni.catalog.same_titles import same_titles
from tomoni.catalog.schema import App, Catalog, GoodFiles, Policies, Problem, Settings, Spot
from tomoni.catalog.settings import read_settings
from tomoni.catalog.sources import SourceTable, variables_of
from tomoni.catalog.unread_files import BESIDE_APPS, ENDINGS, FILES, is_ignored, unread
from tomoni.catalog.webhooks import variables_of_apps
from tomoni.catalog.who_may import AS_EVER, NOBODY, AccessRules
from tomoni.catalog.yaml_file import read_document


@dataclass(frozen=True, slots=True)
class LoadedFiles:
    """The catalog of a folder, the last good text of each of its files by its name in it, and who may do what."""

    catalog: Catalog
    good: GoodFiles
    access: AccessRules = AS_EVER
    notifications: Notifications = NOTHING


def load(folder: Path, environ: Mapping[str, str], settings: Collection[str] = ()) -> Catalog:
    """The catalog of a folder: ``sources.yaml`` and ``apps/*.yaml``, and where they are there
    ``settings.yaml``, ``policies.yaml`` and the files of ``exclusions/``, ``agendas/`` and
    ``risks/``.

    ``environ`` fills in ``${NAME}`` in the values of ``sources.yaml``. Files of folders whose
    names begin with ``_`` or ``.`` are not read. With ``settings``, the variables of the environment
    that set something, others that look like them are reported. Never raises for what is written, or
    is missing.
    """
    return load_files(folder, environ, {}, settings).catalog


def load_files(
    folder: Path,
    environ: Mapping[str, str],
    good: GoodFiles,
    settings: Collection[str] = (),
    before: Mapping[str, SourceConfig] | None = None,
) -> LoadedFiles:
    """As `load`; of what is broken now the last good definition stays in force where ``good`` has one.
    ``before`` are the sources as they were when the files were last loaded."""
    if not isdir(folder):
        missing = _folder_missing(folder)
        # A folder that was there and cannot be found opens nothing that its rules closed.
        return LoadedFiles(Catalog((), {}, Settings(), (missing,)), good, NOBODY if good else AS_EVER)
    files = FilesInForce(folder, good)
    settings_document = _read_if_there(folder, "settings")
    for_all = files.whole(settings_document, read_settings)
    policies_document = _read_if_there(folder, "policies")
    policies = files.whole(policies_document, _policies)
    sources_document = read_document(_file(folder, "sources"), variables=True)
    sources = files.sources(sources_document, environ, before or {})
    reader = AppReader(for_all, sources, policies)
    paths, problems = _app_files(folder / "apps", good)
    apps = files.apps(paths, reader)
    reader.spots.update({f"source:{name}": source_spot(sources_document, name) for name in sources.kinds})
    beside = {name: _files(folder / name, good) for name in BESIDE_APPS}
    apps = with_exclusions(apps, beside["exclusions"][0], reader.spots, files)
    apps = with_agendas(apps, beside["agendas"][0], files)
    apps = with_risks(apps, beside["risks"][0], reader.spots, files)
    access = files.whole(_read_if_there(folder, "access"), partial(_access, apps=apps))
    told = files.whole(
        _read_if_there(folder, "notifications"), partial(_notifications, apps=apps, zone=for_all.timezone)
    )
    files.mark(apps, sources, reader.spots)
    read = {*paths, *(_file(folder, name) for name in FILES)}.union(*(found for found, _ in beside.values()))
    problems += files.problems(sources_document)
    problems += [problem for _, unlisted in beside.values() for problem in unlisted]
    problems += unread(folder, read) + _unusable(sources, apps, reader.spots)
    problems += too_short(settings_document, apps, for_all)
    problems += _unused(policies_document, policies, apps) if len(apps) == len(paths) else []
    if settings:
        used = {*variables_of(sources_document.data)} | variables_of_apps(apps)
        problems += unknown_variables(environ, settings, used)
    problems += same_titles(apps, for_all.languages, reader.spots, access.hidden)
    catalog = Catalog(apps, sources.configs, for_all, _in_order(problems), reader.spots, sources.unusable, files.held)
    return LoadedFiles(catalog, files.kept, access, told)


def unread_rules(catalog: Catalog, access: AccessRules) -> tuple[Problem, ...]:
    """What keeps the rules of access from being read: they let nobody see anything then, this included."""
    problems = catalog.problems if access is NOBODY else ()
    return tuple(problem for problem in problems if Path(problem.spot.file).stem == "access")


def _problem(path: Path, code: Code, **facts: str | int | float) -> Problem:
    return Problem(Spot(str(path)), severity_of(code), code, facts)


def _is_there(path: Path) -> bool:
    """Whether there is something of a name: also a link to nothing, and what this user may not look at."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _file(folder: Path, name: str) -> Path:
    found = [folder / (name + ending) for ending in ENDINGS if _is_there(folder / (name + ending))]
    return found[0] if found else folder / (name + ENDINGS[0])


def _read_if_there(folder: Path, name: str) -> Document:
    file = _file(folder, name)
    return read_document(file) if _is_there(file) else Document(str(file))


def _files(folder: Path, good: GoodFiles) -> tuple[list[Path], list[Problem]]:
    """The files of a folder (none where there is none), and what keeps them from being found; then those of which
    there is a good text, so that they stay in force."""
    if not _is_there(folder):
        return [], []
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        known = [Path(name).name for name in sorted(good) if name.startswith(f"{folder.name}/")]
        return [folder / name for name in known], [_unlisted(folder, error)]
    return [path for path in found if path.suffix in ENDINGS and not is_ignored(path)], []


def _unlisted(folder: Path, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError) and folder.is_symlink():
        return _problem(folder, Code.LINK_TO_NOTHING, target=str(folder.readlink()), kind="folder")
    if isinstance(error, NotADirectoryError):
        return _problem(folder, Code.FOLDER_MISSING, folder=str(folder), kind="inner_file")
    return _problem(folder, Code.FILE_UNREADABLE, reason=error.strerror or type(error).__name__, kind="folder")


def _app_files(folder: Path, good: GoodFiles) -> tuple[list[Path], list[Problem]]:
    """The files of apps, which should be there."""
    paths, problems = _files(folder, good)
    if not paths and not problems:
        problems = [_problem(folder, Code.NO_APPS, folder=str(folder)) if isdir(folder) else _folder_missing(folder)]
    return paths, problems


def _folder_missing(folder: Path) -> Problem:
    kind = {"kind": "file"} if exists(folder) else {}
    return _problem(folder, Code.FOLDER_MISSING, folder=str(folder), **kind)


def _policies(document: Document) -> Policies:
    if document.data is None:
        return Policies()
    from tomoni.catalog.policies import read_policies  # noqa: PLC0415 - most folders of a test have none

    return read_policies(document)


def _unused(document: Document, policies: Policies, apps: Sequence[App]) -> list[Problem]:
    if document.data is None:
        return []
    from tomoni.catalog.policies import unused  # noqa: PLC0415 - likewise

    return unused(document, policies, apps)


def _access(document: Document, apps: Collection[App]) -> AccessRules:
    from tomoni.catalog.access import read_access  # noqa: PLC0415 - likewise

    return read_access(document, apps)


def _notifications(document: Document, apps: Collection[App], zone: str) -> Notifications:
    if document.data is None:
        return NOTHING
    from tomoni.catalog.notifications import read_notifications  # noqa: PLC0415 - likewise

    return read_notifications(document, apps, zone)


def _unusable(sources: SourceTable, apps: Iterable[App], spots: Mapping[str, Spot]) -> list[Problem]:
    """What a source with errors means for the apps that use it."""
    apps = list(apps)
    problems = []
    for name in sorted(sources.unusable):
        slos = sum(slo.source == name for app in apps for journey in app.journeys for slo in journey.slos)
        signals = sum(signal.source == name for app in apps for signal in app.infra)
        if slos or signals:
            facts: dict[str, str | int | float] = {"source": name, "slos": slos, "signals": signals}
            spot = spots[f"source:{name}"]
            code = Code.SOURCE_UNUSABLE
            problems.append(Problem(spot, severity_of(code), code, facts, f"source:{name}"))
    return problems


def _position(problem: Problem) -> tuple[str, int, bool, str]:
    """The order of problems: by file and line, what stays in force after what is wrong."""
    return problem.spot.file, problem.spot.line, problem.code == Code.LAST_GOOD_IN_FORCE, problem.code


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and line, each once: what is wrong with an anchor shows wherever it is used."""
    ordered = sorted(problems, key=_position)
    return tuple(
        {(problem.spot, problem.code, *sorted(problem.facts.items())): problem for problem in ordered}.values()
    )

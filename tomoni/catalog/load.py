"""Reads the folder of configuration files into one catalog, with every problem of every file.

Nothing that users wrote raises: what has errors is left out, and the rest stays usable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os.path import exists, isdir
from pathlib import Path

from tomoni.catalog.apps import AppReader
from tomoni.catalog.codes import Code, listed, nearest, severity_of
from tomoni.catalog.document import Document
from tomoni.catalog.schema import App, Catalog, Policies, Problem, Settings, Spot
from tomoni.catalog.settings import read_settings
from tomoni.catalog.sources import SourceTable, read_sources
from tomoni.catalog.yaml_file import read_document

ENDINGS = (".yaml", ".yml")
_FILES = ("sources", "settings", "policies")
_FOLDERS = ("apps", "exclusions")


def load(folder: Path, environ: Mapping[str, str]) -> Catalog:
    """The catalog of a folder: ``sources.yaml`` and ``apps/*.yaml``, and where they are there
    ``settings.yaml``, ``policies.yaml`` and ``exclusions/*.yaml``.

    ``environ`` fills in ``${NAME}`` in the values of ``sources.yaml``. Files of folders whose
    names begin with ``_`` or ``.`` are not read. Never raises for what is written, or is missing.
    """
    if not isdir(folder):
        return Catalog((), {}, Settings(), (_problem(folder, Code.FOLDER_MISSING, folder=str(folder)),))
    settings_document, policies_document = (_read_if_there(folder, name) for name in ("settings", "policies"))
    sources_document = read_document(_file(folder, "sources"), variables=True)
    settings, sources = read_settings(settings_document), read_sources(sources_document, environ)
    reader = AppReader(settings, sources, _policies(policies_document))
    paths, problems = _app_files(folder / "apps")
    documents = [read_document(path) for path in paths]
    apps = tuple(app for document in documents if (app := reader.read(document)) is not None)
    reader.spots.update({f"source:{name}": sources_document.spot(("sources", name), True) for name in sources.kinds})
    exclusion_paths, unread = _files(folder / "exclusions")
    excluding = [read_document(path) for path in exclusion_paths]
    apps = _with_exclusions(apps, excluding, reader.spots)
    for document in (settings_document, policies_document, sources_document, *documents, *excluding):
        problems += document.problems()
    read = {*paths, *exclusion_paths, *(_file(folder, name) for name in _FILES)}
    problems += unread + _not_read(folder, read) + _unusable(sources, apps, reader.spots)
    return Catalog(apps, sources.configs, settings, _in_order(problems), reader.spots, sources.unusable)


def _problem(path: Path, code: Code, **facts: str | int | float) -> Problem:
    return Problem(Spot(str(path)), severity_of(code), code, facts)


def _file(folder: Path, name: str) -> Path:
    found = [folder / (name + ending) for ending in ENDINGS if exists(folder / (name + ending))]
    return found[0] if found else folder / (name + ENDINGS[0])


def _read_if_there(folder: Path, name: str) -> Document:
    file = _file(folder, name)
    return read_document(file) if exists(file) else Document(str(file))


def _files(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The files of a folder (none where there is none), and what keeps them from being found."""
    if not isdir(folder):
        return [], []
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        return [], [_problem(folder, Code.FILE_UNREADABLE, reason=error.strerror or type(error).__name__)]
    return [path for path in found if path.suffix in ENDINGS and not path.name.startswith(("_", "."))], []


def _app_files(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The files of apps, which should be there."""
    paths, problems = _files(folder)
    if not paths and not problems:
        code = Code.NO_APPS if isdir(folder) else Code.FOLDER_MISSING
        problems = [_problem(folder, code, folder=str(folder))]
    return paths, problems


def _not_read(folder: Path, read: set[Path]) -> list[Problem]:
    """Files that look as if they were meant for Tomoni and are not read."""
    known = listed([*(f"{name}.yaml" for name in _FILES), *(f"{name}/*.yaml" for name in _FOLDERS)])
    problems = []
    for path in sorted(set(_yaml_below(folder, levels=2)) - read):
        parts = path.relative_to(folder).parts
        meant = nearest(path.stem, _FILES) if len(parts) == 1 else nearest(parts[0], _FOLDERS)
        if meant:
            name = f"{meant}.yaml" if len(parts) == 1 else f"{meant}/{path.name}"
            problems.append(_problem(path, Code.FILE_NOT_READ, file="/".join(parts), nearest=name, known=known))
    return problems


def _yaml_below(folder: Path, levels: int) -> Iterator[Path]:
    """The YAML files of a folder and of some levels of folders in it, none of whose names begin with _ or a dot."""
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(("_", "."))]
    except OSError:  # a file, or a folder that is reported elsewhere
        return
    for path in found:
        if path.suffix in ENDINGS:
            yield path
        elif levels:
            yield from _yaml_below(path, levels - 1)


def _policies(document: Document) -> Policies:
    if document.data is None:
        return Policies()
    from tomoni.catalog.policies import read_policies  # noqa: PLC0415 - most folders of a test have none

    return read_policies(document)


def _with_exclusions(apps: tuple[App, ...], documents: Sequence[Document], spots: dict[str, Spot]) -> tuple[App, ...]:
    if not documents:
        return apps
    from tomoni.catalog.exclusions import ExclusionReader  # noqa: PLC0415 - likewise

    reader = ExclusionReader(apps, spots)
    for document in documents:
        reader.read(document)
    return reader.applied()


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
            problems.append(Problem(spot, severity_of(Code.SOURCE_UNUSABLE), Code.SOURCE_UNUSABLE, facts))
    return problems


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and line, each once: what is wrong with an anchor shows wherever it is used."""
    ordered = sorted(problems, key=lambda problem: (problem.spot.file, problem.spot.line, problem.code))
    return tuple(
        {(problem.spot, problem.code, *sorted(problem.facts.items())): problem for problem in ordered}.values()
    )

"""Reading the folders with a file for each app that stand beside `apps/`: exclusions, agendas, risks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tomoni.catalog.document import Document
from tomoni.catalog.files_in_force import FilesInForce
from tomoni.catalog.for_reviews import KnownRisk
from tomoni.catalog.schema import App, Exclusion, Spot
from tomoni.catalog.yaml_file import read_document

_Risks = tuple[dict[str, tuple[KnownRisk, ...]], dict[str, Spot]]


def with_exclusions(
    apps: tuple[App, ...], paths: Sequence[Path], spots: dict[str, Spot], files: FilesInForce
) -> tuple[App, ...]:
    """The apps with what does not count of each; ``spots`` grows with what is found."""
    if not paths:
        return apps
    from tomoni.catalog.exclusions import ExclusionReader  # noqa: PLC0415 - most folders of a test have none

    found: dict[str, list[Exclusion]] = {}
    for path in paths:
        before = dict(spots)

        def read(document: Document, before: Mapping[str, Spot] = before) -> ExclusionReader:
            reader = ExclusionReader(apps, dict(before))
            reader.read(document)
            return reader

        reader = files.whole(read_document(path), read)
        spots.update(reader.spots)
        for app in reader.applied():
            found.setdefault(app.id, []).extend(app.exclusions)
            if app.exclusions and (spot := files.held_files.get(str(path))):
                files.hold(spot, [app])
    return tuple(replace(app, exclusions=tuple(found[app.id])) for app in apps)


def with_agendas(apps: tuple[App, ...], paths: Sequence[Path], files: FilesInForce) -> tuple[App, ...]:
    """The apps with how each is reviewed."""
    if not paths:
        return apps
    from tomoni.catalog import agendas  # noqa: PLC0415 - likewise

    found: list[agendas.WrittenAgenda] = []
    taken: dict[str | None, Spot] = {}
    for path in paths:
        agenda = files.whole(read_document(path), lambda document: agendas.read_agenda(document, apps, dict(taken)))
        if agenda is not None:
            taken[agenda.app] = Spot(str(path), 1)
            found.append(agenda)
    return agendas.with_agendas(apps, found)


def with_risks(
    apps: tuple[App, ...], paths: Sequence[Path], spots: dict[str, Spot], files: FilesInForce
) -> tuple[App, ...]:
    """The apps with what may go wrong with each; ``spots`` grows with what is found."""
    if not paths:
        return apps
    from tomoni.catalog import risks  # noqa: PLC0415 - likewise

    found: dict[str, tuple[KnownRisk, ...]] = {}
    for path in paths:
        before = dict(spots)

        def read(document: Document, before: Mapping[str, Spot] = before) -> _Risks:
            seen = dict(before)
            return risks.read_risks(document, apps, seen), seen

        of_file, seen = files.whole(read_document(path), read)
        spots.update(seen)
        for app_id, known in of_file.items():
            found[app_id] = (*found.get(app_id, ()), *known)
    return risks.with_risks(apps, found)

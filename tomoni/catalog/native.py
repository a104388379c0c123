"""SLOs that a source keeps: what the files leave out is taken from the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from data_sources.base import KeepsSlos, NativeDefinition, Source
from data_sources.durations import format_duration
from data_sources.errors import SourceError
from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import App, Catalog, NativeName, Problem, Slo
from tomoni.slo.model import RollingWindow, Window


def native_slos(catalog: Catalog) -> Iterator[tuple[str, Slo]]:
    """Every SLO that a source keeps, with its path."""
    for app in catalog.apps:
        for journey in app.journeys:
            yield from ((f"{app.id}/{journey.id}/{slo.id}", slo) for slo in journey.slos if slo.native_name)


def with_native(catalog: Catalog, known: Mapping[NativeName, NativeDefinition]) -> Catalog:
    """The catalog with the sources' own values wherever the files leave them out.

    ``native_defaults`` of an SLO keeps what is still not known, or cannot be used.
    """
    if not any(slo.native_defaults for _, slo in native_slos(catalog)):
        return catalog
    return replace(catalog, apps=tuple(_app(app, known) for app in catalog.apps))


def problems_of_native(catalog: Catalog, sources: Mapping[str, Source]) -> tuple[Problem, ...]:
    """What the sources keep of SLOs that cannot be used here and must be written instead.

    Asks the sources; what they do not answer is found elsewhere (`catalog.inspect`).
    """
    found: list[Problem] = []
    for path, slo in native_slos(catalog):
        source: object = sources.get(slo.source)
        if "window" in slo.native_defaults and isinstance(source, KeepsSlos):
            spot = catalog.spots[f"{path}/query"]
            found.extend(Problem(spot, severity_of(code), code, facts) for code, facts in _window_problems(slo, source))
    return tuple(found)


def _window_problems(slo: Slo, source: KeepsSlos) -> Iterator[tuple[Code, dict[str, str | int | float]]]:
    name = slo.native_name
    if name is None:
        return
    try:
        native = source.native_definition(name[1])
    except SourceError:
        return
    if native.window is None:
        yield Code.NATIVE_PERIOD, {"slo": native.name, "period": native.period}
    elif not fits(slo, native.window):
        bucket = format_duration(slo.bucket_seconds)
        yield Code.NATIVE_WINDOW, {"slo": native.name, "window": native.period, "bucket": bucket}


def fits(slo: Slo, window: Window) -> bool:
    """Whether a window is made of whole buckets of an SLO."""
    return not isinstance(window, RollingWindow) or (window.seconds > 0 and window.seconds % slo.bucket_seconds == 0)


def _app(app: App, known: Mapping[NativeName, NativeDefinition]) -> App:
    journeys = tuple(replace(j, slos=tuple(_slo(slo, known) for slo in j.slos)) for j in app.journeys)
    return replace(app, journeys=journeys)


def _slo(slo: Slo, known: Mapping[NativeName, NativeDefinition]) -> Slo:
    name = slo.native_name
    if name is None or not slo.native_defaults:
        return slo
    native, missing, definition = known.get(name), set(slo.native_defaults), slo.definition
    if native is not None and "objective" in missing:
        missing.discard("objective")
        definition = replace(definition, objective=native.objective)
    if native is not None and native.window is not None and "window" in missing and fits(slo, native.window):
        missing.discard("window")
        definition = replace(definition, window=native.window)
    return replace(slo, definition=definition, native_defaults=frozenset(missing))

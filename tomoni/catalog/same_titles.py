"""Apps, journeys, SLOs and signals that are called the same where a reader has to choose between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import App, Journey, Problem, Signal, Slo, Spot

_Named = TypeVar("_Named", App, Journey, Slo, Signal)


def same_titles(
    apps: Sequence[App], languages: Sequence[str], spots: Mapping[str, Spot], hidden: Collection[str]
) -> Iterator[Problem]:
    """A warning for each that has the title of one before it beside it, in any of the languages.

    What is in force from an older file has no place in the files as they are, and no warning. Hidden apps come last:
    that one of them is called as another app is told of the hidden one, which not everybody sees.
    """
    found: list[tuple[str, App | Journey | Slo | Signal, str]] = []
    found += [
        ("app", each, each.id) for each in _named_again(sorted(apps, key=lambda app: app.id in hidden), languages)
    ]
    for app in apps:
        found += [("journey", each, f"{app.id}/{each.id}") for each in _named_again(app.journeys, languages)]
        for journey in app.journeys:
            path = f"{app.id}/{journey.id}"
            found += [("slo", each, f"{path}/{each.id}") for each in _named_again(journey.slos, languages)]
        found += [("signal", each, f"{app.id}/infra/{each.id}") for each in _named_again(app.infra, languages)]
    for what, named, path in found:
        if (spot := spots.get(path)) is not None:
            facts = {"what": what, "id": named.id, "name": named.title(languages[0])}
            yield Problem(spot, severity_of(Code.SAME_TITLE), Code.SAME_TITLE, facts)


def _named_again(beside: Iterable[_Named], languages: Sequence[str]) -> Iterator[_Named]:
    """Those that have a title that one before them has."""
    known: set[tuple[str, str]] = set()
    for each in beside:
        titles = {(code, each.title(code)) for code in languages}
        if titles & known:
            yield each
        known |= titles

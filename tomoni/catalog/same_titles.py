"""Apps, journeys, SLOs and signals that are called the same where a reader has to choose between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App, Journey, Problem, Signal, Slo, Spot

Named = TypeVar("Named", App, Journey, Slo, Signal)


def told_apart(
    apps: Sequence[App], languages: Sequence[str], spots: Mapping[str, Spot]
) -> tuple[tuple[App, ...], list[Problem]]:
    """The apps with the id after each title that a sibling has too, in any of the languages, and a warning for each of
    these but the first."""
    problems: list[Problem] = []

    def apart(what: str, found: Sequence[Named], path: str) -> tuple[Named, ...]:
        names = Counter((code, each.title(code)) for each in found for code in languages)
        same = [each for each in found if any(names[code, each.title(code)] > 1 for code in languages)]
        for each in same[1:]:
            facts = {"what": what, "id": each.id, "name": each.title(languages[0])}
            problems.append(Problem(spots[path + each.id], severity_of(Code.SAME_TITLE), Code.SAME_TITLE, facts))
        return tuple(replace(each, title=_with_id(each.title, each.id)) if each in same else each for each in found)

    def within(app: App) -> App:
        journeys = apart("journey", app.journeys, f"{app.id}/")
        parts = [replace(each, slos=apart("slo", each.slos, f"{app.id}/{each.id}/")) for each in journeys]
        return replace(app, journeys=tuple(parts), infra=apart("signal", app.infra, f"{app.id}/infra/"))

    return tuple(within(app) for app in apart("app", apps, "")), problems


def _with_id(title: LocalText, id_: str) -> LocalText:
    return LocalText({code: f"{text} ({id_})" for code, text in title.by_language.items()})

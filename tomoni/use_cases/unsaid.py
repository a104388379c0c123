"""What of an app that is hidden stands elsewhere: its name in what other apps depend on, and in problems of files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from tomoni.catalog.codes import listed
from tomoni.catalog.profile import Profile
from tomoni.catalog.schema import App, Catalog, Problem

_KNOWN, _NEAREST = "known", "nearest"


class Names:
    """The ids and titles of hidden apps, looked for as whole words."""

    def __init__(self, apps: Iterable[App]) -> None:
        found = {name.strip() for app in apps for name in (app.id, *app.title.by_language.values())}
        words = "|".join(re.escape(name) for name in sorted(found, key=len, reverse=True) if name)
        self._said = re.compile(f"(?<![A-Za-z0-9_-])(?:{words})(?![A-Za-z0-9_-])", re.IGNORECASE) if words else None

    @classmethod
    def of(cls, catalog: Catalog, hidden: Collection[str]) -> Names:
        """The names of the hidden ones among the apps of a catalog."""
        return cls(app for app in catalog.apps if app.id in hidden)

    def are_in(self, text: str) -> bool:
        """Whether a text says one of them."""
        return self._said is not None and self._said.search(text) is not None


def discreet(app: App, names: Names) -> App:
    """An app without those of its dependencies that are hidden apps."""
    of_app, profiles = _profile(app.profile, names), [_profile(each.profile, names) for each in app.journeys]
    if of_app is app.profile and all(now is each.profile for now, each in zip(profiles, app.journeys, strict=True)):
        return app
    journeys = tuple(replace(each, profile=now) for now, each in zip(profiles, app.journeys, strict=True))
    return replace(app, profile=of_app, journeys=journeys)


def _profile(profile: Profile, names: Names) -> Profile:
    kept = tuple(each for each in profile.depends_on if not any(map(names.are_in, each.by_language.values())))
    return profile if kept == profile.depends_on else replace(profile, depends_on=kept)


def tellable(problem: Problem, names: Names) -> Problem | None:
    """A problem without the names among the suggestions that it makes; None where it is about one of them."""
    facts = dict(problem.facts)
    if _KNOWN in facts:
        facts[_KNOWN] = listed(each for each in str(facts[_KNOWN]).split(", ") if not names.are_in(each))
    if names.are_in(str(facts.get(_NEAREST, ""))):
        facts[_NEAREST] = ""
    said = any(names.are_in(str(fact)) for fact in facts.values())
    return None if said or any(map(names.are_in, (problem.spot.file, problem.key))) else replace(problem, facts=facts)

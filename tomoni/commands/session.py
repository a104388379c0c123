"""What all commands share: the settings, the language, and the product, opened when it is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tomoni.commands.failures import Refusal, tell
from tomoni.languages import LANGUAGES, SOURCE_LANGUAGE
from tomoni.words.text import Text, text_for

if TYPE_CHECKING:
    from tomoni.catalog.schema import Catalog, Problem
    from tomoni.settings import ProcessSettings
    from tomoni.use_cases.product import Tomoni


@dataclass
class Session:
    """One run of the command line. Modules are imported when a command needs them: most need few."""

    config: Path | None
    language: str

    @property
    def text(self) -> Text:
        """The texts of the chosen language, with times in UTC as long as no configuration is read."""
        return text_for(self.language)

    @cached_property
    def settings(self) -> ProcessSettings:
        """The process settings; refuses those that cannot be read."""
        from pydantic import ValidationError

        from tomoni.settings import ProcessSettings

        try:
            settings = ProcessSettings()
        except ValidationError as error:
            raise Refusal([self._setting_line(found["loc"]) for found in error.errors()]) from None
        return settings if self.config is None else settings.model_copy(update={"config": self.config})

    @cached_property
    def tomoni(self) -> Tomoni:
        """The product, with its data base open; refuses one that cannot be opened."""
        from tomoni.wiring import open_tomoni

        return open_tomoni(self.settings)

    def refuse_unusable(self, catalog: Catalog) -> None:
        """Refuses a catalog without any app, with the problems that left none."""
        if not catalog.apps:
            raise Refusal(self.lines(catalog.problems))

    def report_errors(self, catalog: Catalog) -> int:
        """Tells the catalog's errors; the exit code that they lead to."""
        tell(self.lines(catalog.errors))
        return 1 if catalog.errors else 0

    def lines(self, problems: Sequence[Problem]) -> list[str]:
        """Problems on one line each."""
        from tomoni.words import problems as words

        return [words.line(problem, self.text) for problem in problems]

    def known_app(self, catalog: Catalog, app: str | None) -> None:
        """Refuses the id of an app that does not exist, and names the nearest."""
        ids = [known.id for known in catalog.apps]
        if app is None or app in ids:
            return
        near = get_close_matches(app, ids, n=1, cutoff=0.5)
        text = self.text
        hint = text._("did you mean %(nearest)s? Apps: %(known)s.") if near else text._("use one of: %(known)s.")
        facts = {"app": app, "nearest": "".join(near), "known": ", ".join(ids)}
        raise Refusal([text._("There is no app %(app)s") % facts + "; " + hint % facts])

    def past(self, moment: int | None) -> None:
        """Refuses a moment that is yet to come."""
        now = self.tomoni.now()
        if moment is None or moment <= now:
            return
        phrase = self.text._("%(moment)s is in the future; choose a moment up to now (%(now)s).")
        raise Refusal([phrase % {"moment": self.text.moment(moment), "now": self.text.moment(now)}])

    def _setting_line(self, place: Sequence[object]) -> str:
        name = f"TOMONI_{str(place[0]).upper()}" if place else "TOMONI_*"
        return self.text._("%(name)s is not valid; docs/operating.md describes its format.") % {"name": name}


def language_from(environ: Mapping[str, str]) -> str:
    """The language of a terminal, as its locale says it; English when there is no translation."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return locale[:2] if locale[:2] in LANGUAGES else SOURCE_LANGUAGE

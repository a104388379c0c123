"""What all commands share: settings, language, and the product, opened when first needed."""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tomoni.commands.done import Done
from tomoni.commands.failures import Refusal, report_lines
from tomoni.words.said_by_others import reason_of
from tomoni.words.text import Text, text_for

if TYPE_CHECKING:
    from tomoni.access.audit import Actor
    from tomoni.access.policy import Grants
    from tomoni.catalog.load import LoadedFiles
    from tomoni.catalog.schema import Catalog, Problem
    from tomoni.catalog.who_may import AccessRules
    from tomoni.commands.moments import When
    from tomoni.review.model import Period
    from tomoni.settings import ProcessSettings
    from tomoni.use_cases.product import Tomoni


@dataclass
class Session:
    """One run of the command line. Modules are imported on demand: most commands need few."""

    config: Path | None
    language: str
    done: Done = field(default_factory=Done)

    @property
    def text(self) -> Text:
        """The texts of the chosen language, with times in UTC: the configuration is not read yet."""
        return text_for(self.language)

    @cached_property
    def settings(self) -> ProcessSettings:
        """The process settings. Raises Refusal if they are not valid."""
        from pydantic import ValidationError

        from tomoni.settings import ProcessSettings

        try:
            settings = ProcessSettings()
        except ValidationError as error:
            raise Refusal([self._setting_line(found["loc"]) for found in error.errors()]) from None
        except OSError as error:  # a file with a secret
            phrase = self.text._("%(file)s cannot be used: %(reason)s.")
            facts = {"file": error.filename, "reason": reason_of(error, self.text)}
            raise Refusal([phrase % facts]) from None
        return settings if self.config is None else settings.model_copy(update={"config": self.config})

    @cached_property
    def tomoni(self) -> Tomoni:
        """The product with its database open, as the account sees it. Raises Refusal where that is nothing, StoreError
        if it cannot be opened."""
        setup = self._whole.setup
        return self._whole.seen_by(self.grants(setup.written, setup.access), self.actor)

    @cached_property
    def _whole(self) -> Tomoni:
        from tomoni.wiring import open_tomoni

        return open_tomoni(self.settings)

    @property
    def unread_rules(self) -> tuple[Problem, ...]:
        """What keeps the rules of access from being read; empty where they are read."""
        from tomoni.catalog.load import unread_rules

        return unread_rules(self._whole.setup.written, self._whole.setup.access)

    def read_files(self) -> LoadedFiles:
        """The files of the configuration, without a database or any source."""
        from tomoni.catalog.load import load_files

        return load_files(self.settings.config, os.environ, {}, self.settings.variables())

    def seen_files(self) -> Catalog:
        """What the files of the configuration say of the apps that the account sees. Raises Refusal where there are
        none."""
        from tomoni.use_cases.seen import catalog_of

        files = self.read_files()
        return catalog_of(files.catalog, self.grants(files.catalog, files.access))

    @property
    def actor(self) -> Actor:
        """Who runs the command, for the audit."""
        from tomoni.access.audit import Actor

        return Actor("command", _account(), platform.node())

    def require_admin(self) -> None:
        """Raises NotAllowedError where the account may not do everything; asks the configuration alone, no database."""
        from tomoni.catalog.who_may import Role

        files = self.read_files()
        self.grants(files.catalog, files.access).require(Role.ADMIN)

    def grants(self, catalog: Catalog, access: AccessRules) -> Grants:
        """What the account may. Raises Refusal where that is nothing."""
        from tomoni.access.policy import grants_of_account
        from tomoni.catalog.load import unread_rules
        from tomoni.words.access import nothing_open

        grants = grants_of_account(access, catalog.apps, _account())
        if not grants.sees_any:
            lines = self.lines(unread_rules(catalog, access))
            raise Refusal(lines or [self.text.sentences(*nothing_open(_account(), self.text))])
        return grants

    def close(self) -> None:
        """Closes the database and the connections of the sources, if they were opened."""
        if "_whole" in self.__dict__:
            self._whole.close()

    def refuse_unusable(self, catalog: Catalog) -> None:
        """Raises Refusal for a catalog without any usable app, with the problems that caused it."""
        if not catalog.apps:
            from tomoni.words.access import nothing_open

            unseen = self.text.sentences(*nothing_open(_account(), self.text))
            raise Refusal(self.lines(catalog.problems) or [unseen])

    def report_errors(self, catalog: Catalog) -> int:
        """Reports the errors of the catalog, what stays in force meanwhile, and settings that set nothing;
        returns the resulting exit code."""
        also = ("unknown_variable", "last_good_in_force")
        report_lines(self.lines([p for p in catalog.problems if p in catalog.errors or p.code in also]))
        return 1 if catalog.errors else 0

    def lines(self, problems: Sequence[Problem]) -> list[str]:
        """Problems on one line each."""
        from tomoni.words import problems as words

        return [words.line(problem, self.text) for problem in problems]

    def known_app(self, catalog: Catalog, app: str | None) -> None:
        """Raises Refusal for an app that does not exist, and suggests the closest id; where there is none at all, with
        what is wrong with the configuration."""
        ids = [known.id for known in catalog.apps]
        if app is None or app in ids:
            return
        self.refuse_unusable(catalog)
        near = get_close_matches(app, ids, n=1, cutoff=0.5)
        text = self.text
        hint = text._("did you mean %(nearest)s? Apps: %(known)s.") if near else text._("use one of: %(known)s.")
        facts = {"app": text.quote(app), "nearest": text.quote("".join(near)), "known": ", ".join(ids)}
        raise Refusal([text._("There is no app %(app)s") % facts + "; " + hint % facts])

    def period_of(self, when: When, zone: str) -> Period | None:
        """The named period in a zone, as far as it has come. Raises Refusal if it has not begun."""
        from tomoni.review.named import NotBegunError, period_of

        if when.period is None:
            return None
        now = self.tomoni.now()
        try:
            return period_of(when.period, zone, self.tomoni.catalog.settings.first_month, now)
        except NotBegunError:
            phrase = self.text._("%(period)s has not begun yet; choose a period up to now (%(now)s).")
            raise Refusal([phrase % {"period": when.period, "now": self.text.moment(now)}]) from None

    def moment_of(self, when: When, zone: str) -> int | None:
        """The moment to look at: the end of the named period in a zone, the given one, or None for now.

        Raises Refusal for one in the future.
        """
        period = self.period_of(when, zone)
        self.past(when.at)
        return when.at if period is None else period.as_of

    def past(self, moment: int | None) -> None:
        """Raises Refusal for a moment in the future."""
        now = self.tomoni.now()
        if moment is None or moment <= now:
            return
        phrase = self.text._("%(moment)s is in the future; choose a moment up to now (%(now)s).")
        raise Refusal([phrase % {"moment": self.text.moment(moment), "now": self.text.moment(now)}])

    def _setting_line(self, place: Sequence[object]) -> str:
        name = f"TOMONI_{str(place[0]).upper()}" if place else "TOMONI_*"
        return self.text._("%(name)s is not valid; docs/operating.md describes its format.") % {
            "name": self.text.quote(name)
        }


def _account() -> str:
    """Under which account of the machine a command runs, as the machine knows it: a variable could name another."""
    try:
        import pwd  # not everywhere
    except ImportError:
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # one without a name, as in some containers
        return str(os.geteuid())

"""`ledger:` of the settings and of apps: how long buckets are kept, and never shorter than what is shown of an app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import Field

from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.document import Document, Place
from tomoni.catalog.kept import LedgerKeeping
from tomoni.catalog.mapping import Entry
from tomoni.catalog.schema import App, Problem, Settings
from tomoni.catalog.values import Length
from tomoni.slo.alerts import longest_look_back
from tomoni.slo.model import DAY
from tomoni.slo.periods import longest_seconds

_LINES_DAYS = 28  # each day of the lines of a page shows a whole window of its own
_SPARE_DAYS = 3  # of which sources may be late, and what local days begin before
_KEYS = ("keep", "compact_after")


class AppLedgerEntry(Entry):
    """How long the ledger keeps the buckets of an app."""

    keep: Length | None = Field(
        default=None, description="Buckets that are older are deleted; without it as the settings have it."
    )

    @property
    def keeping(self) -> LedgerKeeping:
        """The rule."""
        return LedgerKeeping(self.keep)


class LedgerEntry(Entry):
    """How long the ledger keeps the buckets of all apps that say nothing else."""

    keep: Length | None = Field(default=None, description="Buckets that are older are deleted; without it none are.")
    compact_after: Length | None = Field(
        default=None,
        description="Of older buckets the sums of full hours are kept in their place; without it they stay.",
    )

    @property
    def keeping(self) -> LedgerKeeping:
        """The rule."""
        return LedgerKeeping(self.keep, self.compact_after)


def needed_days(app: App, settings: Settings) -> int:
    """How many days of its buckets an app needs: for the longest window on each day of its lines, and of its next
    review, and for the history that is fetched anyway."""
    definitions = [slo.definition for journey in app.journeys for slo in journey.slos]
    reach = max((max(longest_seconds(d.window), longest_look_back(d)) for d in definitions), default=0)
    shown = max(_LINES_DAYS, app.review.every_days if app.review else 0)
    return max(settings.history_days, -(-reach // DAY) + shown) + _SPARE_DAYS


def note_too_short(document: Document, app: App, settings: Settings) -> None:
    """Notes where an app's own rule would take from it what it needs."""
    for place, facts in _too_short(app.kept.ledger, [app], settings):
        document.note(place, Code.LEDGER_TOO_SHORT, **facts)


def too_short(document: Document, apps: Iterable[App], settings: Settings) -> list[Problem]:
    """The rules of the settings that would take from apps what they need, the one that needs most for each."""
    following = [app for app in apps if app.kept.ledger.keep_seconds is None]
    rules = {"keep": following, "compact_after": list(apps)}
    found = []
    for key, of in rules.items():
        rule = LedgerKeeping(**{f"{key}_seconds": getattr(settings.ledger, f"{key}_seconds")})
        for place, facts in _too_short(rule, of, settings):
            found.append(
                Problem(document.spot(place), severity_of(Code.LEDGER_TOO_SHORT), Code.LEDGER_TOO_SHORT, facts)
            )
    return found


def note_never_compacted(document: Document, rule: LedgerKeeping) -> None:
    """Notes a rule that deletes all buckets before it would compact them."""
    if rule.keep_seconds is not None and (rule.compact_after_seconds or 0) >= rule.keep_seconds:
        document.note(("ledger", "compact_after"), Code.COMPACTED_NEVER, keep_seconds=rule.keep_seconds)


def _too_short(
    rule: LedgerKeeping, apps: Iterable[App], settings: Settings
) -> Iterator[tuple[Place, dict[str, str | int | float]]]:
    needed = {app.id: needed_days(app, settings) for app in apps}
    most = max(needed, key=lambda app: (needed[app], app), default=None)
    for key, seconds in zip(_KEYS, (rule.keep_seconds, rule.compact_after_seconds), strict=True):
        if most is not None and seconds is not None and seconds < needed[most] * DAY:
            yield ("ledger", key), {"key": key, "app": most, "kept_seconds": seconds, "needed": needed[most]}

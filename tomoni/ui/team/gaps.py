"""Agreements that an app still lacks, listed so that both teams can discuss them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tomoni.catalog.schema import App, Journey, Slo
from tomoni.words.text import Text, mark

_SPEED_WORDS = ("latency", "duration", "fast", "speed", "time", "within")


class Gap(StrEnum):
    """A kind of missing agreement."""

    NO_JOURNEYS = "no_journeys"
    NO_SLOS = "no_slos"
    NO_LATENCY = "no_latency"
    NO_SIGNALS = "no_signals"
    NO_APP_TEAM = "no_app_team"
    NO_INFRA_TEAM = "no_infra_team"


_NAMES: Mapping[Gap, str] = {
    Gap.NO_JOURNEYS: mark("No journeys"),
    Gap.NO_SLOS: mark("No SLO"),
    Gap.NO_LATENCY: mark("No latency SLO"),
    Gap.NO_SIGNALS: mark("No infra signals"),
    Gap.NO_APP_TEAM: mark("No app team"),
    Gap.NO_INFRA_TEAM: mark("No infrastructure team"),
}


def gap_names(gap: Gap, text: Text) -> str:
    """A kind of missing agreement in a few words: "No latency SLO"."""
    return text._(_NAMES[gap])


@dataclass(frozen=True, slots=True)
class Missing:
    """A gap of an app, or of one of its journeys."""

    gap: Gap
    journey: Journey | None = None


def missing(app: App) -> list[Missing]:
    """All gaps of an app, followed by those of its journeys."""
    own = [(Gap.NO_JOURNEYS, not app.journeys)]
    own += [(Gap.NO_APP_TEAM, "app" not in app.teams), (Gap.NO_INFRA_TEAM, "infra" not in app.teams)]
    found = [Missing(gap) for gap, applies in own if applies]
    return found + [Missing(gap, journey) for journey in app.journeys for gap in _of_journey(app, journey)]


def _of_journey(app: App, journey: Journey) -> Iterator[Gap]:
    if not journey.slos:
        yield Gap.NO_SLOS
    elif not any(_is_about_speed(slo) for slo in journey.slos):
        yield Gap.NO_LATENCY
    if not app.signals_of(journey.id):
        yield Gap.NO_SIGNALS


def _is_about_speed(slo: Slo) -> bool:
    """Whether an SLO measures latency, by the form of its SLI or by words in its id."""
    return slo.sli.MEASURES_SPEED or any(word in slo.id for word in _SPEED_WORDS)

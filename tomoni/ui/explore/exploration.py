"""What the page `/explore` looks at, made once in each run from the address."""

from __future__ import annotations

from dataclasses import dataclass

from data_sources.base import Interval, Source
from data_sources.exploring import Ask, Metric
from tomoni.catalog.schema import App
from tomoni.review.model import SloTrack
from tomoni.ui.context import Context
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True)
class Exploration:
    """What is looked at. ``source`` is None where none can be explored; ``ask`` is None before anything is chosen;
    ``metric`` is what is known of the metric that is asked for. ``interval`` has the resolution of the figure.
    ``app`` and ``track`` are the SLO beside it, ``marked`` the stretch (Unix seconds) that the reader marked."""

    context: Context
    source: Source | None
    metric: Metric | None
    ask: Ask | None
    interval: Interval
    app: App | None
    track: SloTrack | None
    marked: tuple[int, int] | None
    text: Text

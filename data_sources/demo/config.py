"""What a demo source is configured with, and what the kind can do."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data_sources.config import KIND_DESCRIPTION, Kind, SourceConfig
from data_sources.queries import Counts, TextSignal


class DemoConfig(SourceConfig):
    """A seeded, believable world that needs nothing."""

    kind: Literal["demo"] = Field(description=KIND_DESCRIPTION)
    seed: int = Field(default=7, description="Another number is another world.")


DEMO = Kind(DemoConfig, (Counts,), (TextSignal,), "data_sources.demo.source:DemoSource")

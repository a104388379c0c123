"""What a toy source is configured with, its own forms, and what the kind can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from data_sources.config import KIND_DESCRIPTION, Kind, SourceConfig
from data_sources.queries import Form, SignalForm, SliForm, Text
from data_sources.written import KeyFault


class ToyConfig(SourceConfig):
    """Even traffic."""

    kind: Literal["toy"] = Field(description=KIND_DESCRIPTION)
    per_bucket: Annotated[int, Field(ge=1)] = Field(description="How many events a bucket has.")
    box: Path = Field(default=Path("box"), description="Where the toys are; relative paths begin at this file.")

    def faults(self) -> Iterator[KeyFault]:
        """A toy counts no more than a million."""
        if self.per_bucket > 1_000_000:
            yield KeyFault(("per_bucket",), "out_of_range", {"at_most": 1_000_000})

    def relative_to(self, folder: Path) -> Self:
        """The configuration with its box beginning at a folder."""
        return self.model_copy(update={"box": folder / self.box})


class Spinning(SliForm):
    """Tops that spin; the good ones are fast."""

    KEY: ClassVar[str] = "tops"
    MEASURES_SPEED: ClassVar[bool] = True

    tops: Text = Field(description="The colour of the tops.")
    fallen: Annotated[int, Field(ge=0)] = Field(default=0, description="How many fall in each bucket.")

    def faults(self) -> Iterator[KeyFault]:
        """A colour and its opposite exclude each other."""
        if self.tops == "none" and self.fallen:
            yield KeyFault(("fallen",), "out_of_range", {"at_most": 0})


class Wobble(SignalForm):
    """How much a top wobbles."""

    KEY: ClassVar[str] = "wobble"

    wobble: Text = Field(description="The colour of the top.")


def _faults_of(query: Form) -> Iterator[KeyFault]:
    if isinstance(query, Spinning) and "$" in query.tops:
        yield KeyFault(("tops",), "unknown_placeholder", {"placeholder": query.tops, "known": "none"})


TOY = Kind(ToyConfig, (Spinning,), (Wobble,), "tests.data_sources.toy.source:ToySource", faults_of=_faults_of)

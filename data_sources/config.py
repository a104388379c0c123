"""What every kind of source shares: its common keys, Google's credentials, and what a kind declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from data_sources.base import Source
from data_sources.masking import masked
from data_sources.queries import Form, SignalForm, SliForm
from data_sources.written import KeyFault, Written

# Each model declares a `kind` key of its own, with its one value; they all describe it alike.
KIND_DESCRIPTION = "What kind of source it is."
AUTH_DESCRIPTION = "The way to sign in."


class SourceConfig(Written):
    """What every kind shares. ``lag_seconds`` None: the kind's own default or the metric's."""

    kind: str = Field(description=KIND_DESCRIPTION)
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        default=30, description="How long one request may take."
    )
    lag_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = Field(
        default=None,
        description="How many of the newest seconds are not trusted yet, because points arrive late.",
    )
    max_parallel: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="How many requests run at the same time."
    )

    def relative_to(self, folder: Path) -> Self:
        """The configuration with its relative paths beginning at a folder; most kinds have none."""
        return self


class GoogleAuth(Written):
    """Google credentials: the application default ones, a service account's file, or impersonation."""

    kind: Literal["google"] = Field(default="google", description=AUTH_DESCRIPTION)
    credentials_file: str | None = Field(
        default=None, description="A service account's key file; relative paths begin at this file."
    )
    impersonate: str | None = Field(default=None, description="The service account to act as.")

    def relative_to(self, folder: Path) -> Self:
        """The credentials with a relative path beginning at a folder."""
        if not self.credentials_file:
            return self
        return self.model_copy(update={"credentials_file": str((folder / self.credentials_file).resolve())})


def no_faults(_query: object) -> Iterator[KeyFault]:
    """The check of a kind that can only check queries by asking the source."""
    yield from ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: everything that the rest of Tomoni needs to know about it.

    ``sli_forms`` and ``signal_forms`` are the forms that it can answer. ``adapter`` is
    ``module:class``; the class is built with (source_id, config, clock). ``expressions`` is
    whether a part of a ratio may be ``{expr: …}``. ``faults_of`` checks the texts of a query
    without asking the source; it gets only forms that the kind answers. ``event_forms`` are the keys by which
    it is asked for events (`data_sources.events`).
    """

    config: type[SourceConfig]
    sli_forms: tuple[type[SliForm], ...]
    signal_forms: tuple[type[SignalForm], ...]
    adapter: str
    expressions: bool = False
    faults_of: Callable[[Form], Iterator[KeyFault]] = no_faults
    event_forms: tuple[str, ...] = ()

    def open(self, source_id: str, config: SourceConfig, clock: Callable[[], float]) -> Source:
        """A source of this kind. What its servers send is masked before it leaves the source."""
        return masked(self.load()(source_id, config, clock), config)

    def load(self) -> Callable[..., Source]:
        """Imports the adapter's class."""
        module, _, name = self.adapter.partition(":")
        loaded: Callable[..., Source] = getattr(import_module(module), name)
        return loaded

"""The kinds of sources: what each is configured with, which forms it answers, and how it is loaded.

A kind's adapter is imported only when a source of it is built, so that nobody pays for a client
library that is not used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from data_sources.base import Source
from data_sources.queries import (
    CloudSignal,
    Counts,
    Distribution,
    FileSignal,
    Form,
    Gauge,
    Histogram,
    NativeSlo,
    Ratio,
    TextSignal,
)


class SourceConfig(BaseModel):
    """What every kind shares. ``lag_seconds`` None: the kind's own default or the metric's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    lag_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    max_parallel: Annotated[int, Field(ge=1, le=64)] = 4


class BasicAuth(BaseModel):
    """User name and password."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["basic"]
    username: str
    password: SecretStr


class BearerAuth(BaseModel):
    """A token that is sent as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["bearer"]
    token: SecretStr


class GoogleAuth(BaseModel):
    """Google credentials: the application default ones, a service account's file, or impersonation."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["google"] = "google"
    credentials_file: str | None = None
    impersonate: str | None = None


class PrometheusConfig(SourceConfig):
    """A server with the Prometheus HTTP API. ``ui_url`` is where people open it, if elsewhere."""

    kind: Literal["prometheus"]
    url: HttpUrl
    headers: dict[str, SecretStr] = {}
    auth: Annotated[BasicAuth | BearerAuth | GoogleAuth, Field(discriminator="kind")] | None = None
    verify_tls: bool | str = True
    ui_url: HttpUrl | None = None


class CloudMonitoringConfig(SourceConfig):
    """A Google Cloud project's metrics. ``insecure`` reaches an emulator without TLS."""

    kind: Literal["cloud_monitoring"]
    project: Annotated[str, Field(min_length=1)]
    api_endpoint: str | None = None
    insecure: bool = False
    auth: GoogleAuth | None = None


class FilesConfig(SourceConfig):
    """A folder of CSV or Parquet files; a relative path begins at the file that names it."""

    kind: Literal["files"]
    path: Path


class DemoConfig(SourceConfig):
    """A seeded, believable world that needs nothing."""

    kind: Literal["demo"]
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source."""

    config: type[SourceConfig]
    sli_forms: frozenset[type[Form]]
    signal_forms: frozenset[type[Form]]
    adapter: str  # "module:class"; the class is built with (source_id, config, clock)

    def load(self) -> Callable[..., Source]:
        """Imports the adapter's class."""
        module, _, name = self.adapter.partition(":")
        loaded: Callable[..., Source] = getattr(import_module(module), name)
        return loaded


KINDS: dict[str, Kind] = {
    "prometheus": Kind(
        PrometheusConfig,
        frozenset({Ratio, Histogram, Gauge}),
        frozenset({TextSignal}),
        "data_sources.prometheus.source:PrometheusSource",
    ),
    "cloud_monitoring": Kind(
        CloudMonitoringConfig,
        frozenset({Ratio, Distribution, Gauge, NativeSlo}),
        frozenset({CloudSignal}),
        "data_sources.cloud_monitoring.source:CloudMonitoringSource",
    ),
    "files": Kind(FilesConfig, frozenset({Counts}), frozenset({FileSignal}), "data_sources.files.source:FilesSource"),
    "demo": Kind(DemoConfig, frozenset({Counts}), frozenset({TextSignal}), "data_sources.demo.source:DemoSource"),
}

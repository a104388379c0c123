"""What a Cloud Monitoring source is configured with, its own forms, and what the kind can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from data_sources.config import KIND_DESCRIPTION, GoogleAuth, Kind, SourceConfig
from data_sources.durations import DURATION_PATTERN, parse_duration
from data_sources.queries import Gauge, Ratio, SignalForm, SliForm, Text
from data_sources.written import KeyFault, named

_YAML_INFINITE = re.compile(r"([+-]?)\.(?:inf|Inf|INF)")


class CloudMonitoringConfig(SourceConfig):
    """A Google Cloud project's metrics. ``insecure`` reaches an emulator without TLS."""

    kind: Literal["cloud_monitoring"] = Field(description=KIND_DESCRIPTION)
    project: Annotated[str, Field(min_length=1)] = Field(description="The Google Cloud project whose metrics are read.")
    api_endpoint: str | None = Field(default=None, description="Another address of the API, such as an emulator's.")
    insecure: bool = Field(default=False, description="true: no TLS, for an emulator.")
    auth: GoogleAuth | None = Field(default=None, description="How to sign in.")

    def relative_to(self, folder: Path) -> Self:
        """The configuration with the path of its key file beginning at a folder."""
        return self if self.auth is None else self.model_copy(update={"auth": self.auth.relative_to(folder)})


def _ordered(value: tuple[float, float]) -> tuple[float, float]:
    if not value[0] < value[1]:
        raise ValueError("the range begins below its end")
    return value


def _infinite(value: object) -> object:
    """A bound as YAML writes an infinite one."""
    found = _YAML_INFINITE.fullmatch(value) if isinstance(value, str) else None
    return f"{found[1]}inf" if found else value


_Bound = Annotated[float, BeforeValidator(_infinite)]


class Distribution(SliForm):
    """Events of a Cloud Monitoring distribution under a threshold, or in a range of its unit."""

    KEY: ClassVar[str] = "distribution"
    MEASURES_SPEED: ClassVar[bool] = True
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["under"]}, {"required": ["range"]}]})

    distribution: Text = Field(description="A Cloud Monitoring filter for a metric of distributions.")
    under: Annotated[
        Text | float | None,
        WithJsonSchema({"anyOf": [{"type": "string", "pattern": DURATION_PATTERN}, {"type": "number"}]}),
    ] = Field(default=None, description="The threshold: a length such as 300ms, or a number in the metric's unit.")
    range: Annotated[tuple[_Bound, _Bound], AfterValidator(_ordered), named("bad_range", whatever=True)] | None = Field(
        default=None, description="From and to in the metric's unit, instead of under: [0, 300]."
    )

    def faults(self) -> Iterator[KeyFault]:
        """Exactly one of under and range is written, and a text under it is a length of time."""
        if self.under is not None and self.range is not None:
            yield KeyFault(("range",), "under_and_range", at_key=True)
        if self.under is None and self.range is None:
            yield KeyFault((), "under_or_range_missing")
        if isinstance(self.under, str):
            try:
                parse_duration(self.under)
            except ValueError:
                yield KeyFault(("under",), "bad_duration", {"written": self.under})


class NativeSlo(SliForm):
    """An SLO kept in Cloud Monitoring: ``projects/P/services/S/serviceLevelObjectives/O``."""

    KEY: ClassVar[str] = "slo"

    slo: Annotated[
        str, Field(pattern=r"^projects/[^/]+/services/[^/]+/serviceLevelObjectives/[^/]+$"), named("bad_slo_name")
    ] = Field(description="The full name of an SLO kept in Cloud Monitoring.")

    @property
    def native_slo(self) -> str | None:
        """The SLO's full name at Google."""
        return self.slo


class CloudSignal(SignalForm):
    """One line of a Cloud Monitoring metric: filter, aligner, reducer and grouping."""

    KEY: ClassVar[str] = "filter"

    filter: Text = Field(description="A Cloud Monitoring filter.")
    aligner: Text = Field(default="ALIGN_MEAN", description="How the points of one series within a bucket become one.")
    reducer: Text = Field(default="REDUCE_MEAN", description="How several series become one.")
    group_by: tuple[str, ...] = Field(default=(), description="Labels to keep apart while reducing.")


CLOUD_MONITORING = Kind(
    CloudMonitoringConfig,
    (Distribution, Gauge, NativeSlo, Ratio),
    (CloudSignal,),
    "data_sources.cloud_monitoring.source:CloudMonitoringSource",
)

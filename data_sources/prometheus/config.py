"""What a Prometheus source is configured with, its own form, and what the kind can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, HttpUrl, SecretStr, WithJsonSchema

from data_sources.config import AUTH_DESCRIPTION, KIND_DESCRIPTION, GoogleAuth, Kind, SourceConfig
from data_sources.durations import DURATION_PATTERN, parse_duration
from data_sources.prometheus.texts import faults_of_shared, histogram_faults
from data_sources.queries import Form, Gauge, Ratio, RecordedRate, RecordedRatio, SliForm, Text, TextSignal
from data_sources.written import KeyFault, Written, named

_TEN_YEARS = 3650 * 86_400
# YAML 1.1 took these for true and false.
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off"})


class BasicAuth(Written):
    """User name and password."""

    kind: Literal["basic"] = Field(description=AUTH_DESCRIPTION)
    username: str = Field(description="The user's name.")
    password: SecretStr = Field(description="The password; better ${NAME} than written out.")


class BearerAuth(Written):
    """A token that is sent as it is."""

    kind: Literal["bearer"] = Field(description=AUTH_DESCRIPTION)
    token: SecretStr = Field(description="The token; better ${NAME} than written out.")


class PrometheusConfig(SourceConfig):
    """A server with the Prometheus HTTP API. ``ui_url`` is where people open it, if elsewhere."""

    kind: Literal["prometheus"] = Field(description=KIND_DESCRIPTION)
    url: HttpUrl = Field(description="The address of the server.")
    headers: dict[str, SecretStr] = Field(default={}, description="HTTP headers that are sent with every request.")
    auth: Annotated[BasicAuth | BearerAuth | GoogleAuth, Field(discriminator="kind")] | None = Field(
        default=None, description="How to sign in."
    )
    verify_tls: bool | str = Field(default=True, description="true, false, or a file of certificates to trust.")
    ui_url: HttpUrl | None = Field(default=None, description="Where people open the server, if that is elsewhere.")

    def faults(self) -> Iterator[KeyFault]:
        """An address is shown to people, in errors and as a link: it holds no password."""
        if self.url.password:
            yield KeyFault(("url",), "secret_in_url")
        elif isinstance(self.verify_tls, str) and self.verify_tls.lower() in _OLD_BOOLEANS:
            yield KeyFault(("verify_tls",), "wrong_type", {"expected": "boolean"})

    def relative_to(self, folder: Path) -> Self:
        """The configuration with its certificates and its key file beginning at a folder."""
        changes: dict[str, Any] = {}
        if isinstance(self.verify_tls, str):
            changes["verify_tls"] = str((folder / self.verify_tls).resolve())
        if isinstance(self.auth, GoogleAuth):
            changes["auth"] = self.auth.relative_to(folder)
        return self.model_copy(update=changes)


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


class Histogram(SliForm):
    """Events of a classic Prometheus histogram at or under a threshold: ``under`` in seconds."""

    KEY: ClassVar[str] = "histogram"
    MEASURES_SPEED: ClassVar[bool] = True

    histogram: Text = Field(description="A classic histogram: its base name without _bucket, with label matchers.")
    under: Annotated[
        float,
        Field(gt=0, le=_TEN_YEARS),
        BeforeValidator(_seconds),
        named("bad_duration"),
        WithJsonSchema(
            {"anyOf": [{"type": "string", "pattern": DURATION_PATTERN}, {"type": "number", "exclusiveMinimum": 0}]}
        ),
    ] = Field(description="The threshold: 300ms, or seconds as a number. It must be an edge of the histogram.")


def _faults_of(query: Form) -> Iterator[KeyFault]:
    """What is wrong with the texts of a query, without asking a server."""
    return histogram_faults(query.histogram) if isinstance(query, Histogram) else faults_of_shared(query)


PROMETHEUS = Kind(
    PrometheusConfig,
    (Histogram, Gauge, RecordedRatio, RecordedRate, Ratio),
    (TextSignal,),
    "data_sources.prometheus.source:PrometheusSource",
    expressions=True,
    faults_of=_faults_of,
)

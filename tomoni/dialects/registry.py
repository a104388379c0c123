"""The dialects. A new one is a package with its reading or writing, one line here, and its documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from tomoni.catalog.document import Document
from tomoni.catalog.schema import App
from tomoni.dialects.found import Imported, Wanted
from tomoni.dialects.written import Exported, Target

Reader = Callable[[Sequence[Document], Wanted], Imported]
Writer = Callable[[Sequence[App], Target], Exported]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a tool writes, or reads: its name for the command line, and what people call it. ``does`` and ``options``
    (lengths of time: a name and its help each) and ``flags`` (likewise) describe the command that writes it."""

    name: str
    title: str
    reads: bool = False
    writes: bool = False
    does: str = ""
    options: tuple[tuple[str, str], ...] = ()
    flags: tuple[tuple[str, str], ...] = ()

    @property
    def package(self) -> str:
        """The package with its reading and writing."""
        return f"tomoni.dialects.{self.name.replace('-', '_')}"

    @property
    def read(self) -> Reader:
        """From documents to what is in them; never raises for what is written in them."""
        return cast("Reader", import_module(f"{self.package}.reading").read)

    @property
    def write(self) -> Writer:
        """From apps to the files of the tool."""
        return cast("Writer", import_module(f"{self.package}.writing").write)


DIALECTS = (
    Dialect("backstage", "Backstage", writes=True, does="Backstage entities with annotations and links."),
    Dialect("gcp", "Google Cloud", reads=True),
    Dialect(
        "grafana", "Grafana", reads=True, writes=True, does="Grafana dashboards on the series of the exported rules."
    ),
    Dialect("openslo", "OpenSLO", reads=True, writes=True, does="OpenSLO v1: services, data sources and SLOs."),
    Dialect("pyrra", "Pyrra", reads=True, writes=True, does="Pyrra's objectives (pyrra.dev/v1alpha1)."),
    Dialect("slo-generator", "slo-generator", reads=True),
    Dialect(
        "rules",
        "Prometheus",
        writes=True,
        does="Recording and alerting rules for Prometheus.",
        options=(("every", "How often the rules are evaluated.  [default: 1m]"),),
        flags=(("classic-histograms", "For servers without native histograms, such as VictoriaMetrics."),),
    ),
    Dialect("sloth", "Sloth", reads=True, writes=True, does="Sloth's specs (prometheus/v1)."),
    Dialect("terraform", "Terraform", writes=True, does="Terraform resources: google_monitoring_slo and grafana_slo."),
)
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}
READ = tuple(dialect.name for dialect in DIALECTS if dialect.reads)
WRITTEN = tuple(dialect.name for dialect in DIALECTS if dialect.writes)

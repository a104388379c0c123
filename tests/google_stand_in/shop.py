"""A project with one service and SLOs of every kind, and a configuration that reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tests.google_stand_in.server import StandIn
from tests.google_stand_in.slos import NativeSlo
from tests.google_stand_in.world import MetricSpec, World, delta
from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

DAY = 86_400
END = 1_790_000_400 // 3600 * 3600  # 2026-09-21T14:00:00Z, a Monday
DAYS = 9
START = END - DAYS * DAY
SERVICE = "projects/demo/services/shop"
REQUESTS = MetricSpec("run/requests", "DELTA", "INT64", {"class": "STRING"}, ("cloud_run_revision",))
RANDOM = np.random.default_rng(8)
GOOD = RANDOM.integers(50, 90, DAYS * 1440)
BAD = RANDOM.integers(0, 2, DAYS * 1440) * (np.arange(DAYS * 1440) % 61 < 9)
APP = """\
app: shop
title: Shop
journeys:
  - id: buy
    title: Buy
    slos:
      - {{id: it, {more}sli: {{source: gcp, slo: {slo}}}}}
"""


def name_of(slo_id: str) -> str:
    return f"{SERVICE}/serviceLevelObjectives/{slo_id}"


def native(slo_id: str, **more: object) -> NativeSlo:
    options: dict[str, object] = {
        "goal": 0.995,
        "total": 'metric.type="run/requests"',
        "good": 'metric.type="run/requests" metric.labels.class="2xx"',
        "rolling_seconds": 7 * DAY,
        **more,
    }
    return NativeSlo(name_of(slo_id), f"The {slo_id}", **options)  # type: ignore[arg-type]


def project() -> World:
    """The project four minutes after the last point: as late as a metric without a stated delay is trusted."""
    world = World("demo", END + 240)
    world.add(delta(REQUESTS, {"class": "2xx"}, GOOD, START), delta(REQUESTS, {"class": "5xx"}, BAD, START))
    world.services = {SERVICE: "Web Shop", "projects/demo/services/empty": ""}
    kept = [
        native("ratio"),
        native("weekly", rolling_seconds=0, calendar="WEEK"),
        native("fortnightly", rolling_seconds=0, calendar="FORTNIGHT"),
        native("odd", rolling_seconds=DAY + 60),
        native("slices", slice_seconds=300, slice_target=0.99),
        native("seconds", slice_seconds=90, slice_target=0.99),
    ]
    world.slos = {one.name: one for one in kept}
    return world


def configured(folder: Path, stand_in: StandIn, slo_id: str = "ratio", more: str = "") -> Path:
    """The folder of a configuration with one native SLO; ``more`` are further keys of it."""
    config = folder / "config"
    (config / "apps").mkdir(parents=True, exist_ok=True)
    source = f"{{kind: cloud_monitoring, project: demo, api_endpoint: '{stand_in.endpoint}', insecure: true}}"
    (config / "sources.yaml").write_text(f"sources:\n  gcp: {source}\n")
    (config / "apps" / "shop.yaml").write_text(APP.format(slo=name_of(slo_id), more=more))
    return config


def opened(folder: Path, stand_in: StandIn) -> Tomoni:
    """The product on the configuration of a folder, at the stand-in's own time."""
    settings = ProcessSettings(
        config=folder / "config",
        database_url=f"sqlite:///{folder / 'tomoni.db'}",  # type: ignore[arg-type]
        now=datetime.fromtimestamp(stand_in.world.now, UTC),
    )
    return open_tomoni(settings, {})

"""25 apps of ten series each over 28 days, as a Prometheus that scrapes every minute would hold them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

APPS, ROUTES, DAYS, MINUTE, DAY = 25, 5, 29, 60, 86_400
# Ten SLOs an app, each with queries of its own: every route alone, and every route with the next one.
ROUTE_SETS = [f"r{i}" for i in range(ROUTES)] + [f"r{i}|r{(i + 1) % ROUTES}" for i in range(ROUTES)]
LANES = 10


def openmetrics(end: int, apps: int = APPS) -> Iterator[str]:
    """All counters of some apps minute by minute until ``end`` (Unix seconds), as OpenMetrics text."""
    rng = np.random.default_rng(250)
    times = end - DAYS * DAY + MINUTE * np.arange(DAYS * DAY // MINUTE + 1)
    daily = 1 + 0.5 * np.sin(2 * np.pi * times / DAY)
    yield "# TYPE http_requests counter"
    for app in range(apps):
        for route in range(ROUTES):
            good = rng.poisson(120 * daily)
            for code, events in (("200", good), ("500", rng.binomial(good, 0.0008))):
                name = f'http_requests_total{{app="app-{app:02}",route="r{route}",code="{code}"}}'
                values = np.cumsum(events)
                yield "\n".join(f"{name} {value} {time}" for time, value in zip(times, values, strict=True))
    yield "# EOF"


def selector(app: str, routes: str, more: str = "") -> str:
    """The counter selector of some routes of an app."""
    return f'http_requests_total{{app="{app}",route=~"{routes}"{more}}}'


def write_config(folder: Path, url: str, apps: int = APPS) -> None:
    """A configuration of ten SLOs for each of some apps on the server; the first app has ten infra signals besides."""
    (folder / "apps").mkdir(parents=True)
    (folder / "sources.yaml").write_text(f"sources: {{prometheus: {{kind: prometheus, url: '{url}'}}}}\n")
    for number in range(apps):
        app = f"app-{number:02}"
        (folder / "apps" / f"{app}.yaml").write_text("\n".join(_app(app, lanes=LANES if number == 0 else 0)))


def _app(app: str, lanes: int) -> Iterator[str]:
    yield f"app: {app}\ntitle: {app}\nteams: {{app: shop, infra: platform}}\njourneys:"
    for index, routes in enumerate(ROUTE_SETS):
        if index % 2 == 0:
            yield f"  - id: journey-{index // 2}\n    title: Journey {index // 2}\n    slos:"
        bad = selector(app, routes, ',code=~"5.."')
        yield (
            f"      - id: slo-{index}\n        title: Availability {routes}\n        objective: 99.9\n"
            f"        window: 28d\n        sli:\n          source: prometheus\n"
            f"          total: '{selector(app, routes)}'\n          bad: '{bad}'"
        )
    if lanes:
        yield "infra:"
    for lane in range(lanes):
        yield (
            f"  - id: lane-{lane}\n    title: Signal {lane}\n    group: group-{lane}\n    source: prometheus\n"
            f"    unit: per_second\n    query: 'sum(rate({selector(app, ROUTE_SETS[lane])}[$window]))'"
        )


def write_slo_generator(folder: Path, url: str) -> tuple[Path, Path]:
    """The same SLOs for slo-generator with its default four windows; the folder of SLOs and the config."""
    slos = folder / "slos"
    slos.mkdir(parents=True)
    for number in range(APPS):
        for index, routes in enumerate(ROUTE_SETS):
            app = f"app-{number:02}"
            (slos / f"{app}-{index}.yaml").write_text(_slo_generator_slo(app, index, routes))
    config = folder / "config.yaml"
    config.write_text(_SLO_GENERATOR_CONFIG.replace("URL", url))
    return slos, config


def _slo_generator_slo(app: str, index: int, routes: str) -> str:
    good = selector(app, routes, ',code!~"5.."').removesuffix("}")
    bad = selector(app, routes, ',code=~"5.."').removesuffix("}")
    return f"""\
apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata:
  name: {app}-{index}
  labels: {{service_name: {app}, feature_name: slo, slo_name: slo-{index}}}
spec:
  description: Availability
  backend: prometheus
  method: good_bad_ratio
  exporters: []
  service_level_indicator:
    filter_good: '{good}}}[window]'
    filter_bad: '{bad}}}[window]'
  goal: 0.999
"""


# The windows and thresholds of the sample configuration that comes with slo-generator.
_SLO_GENERATOR_CONFIG = """\
backends: {prometheus: {url: 'URL'}}
error_budget_policies:
  default:
    steps:
      - {name: 1 hour, burn_rate_threshold: 9, alert: true, window: 3600, message_alert: a, message_ok: b}
      - {name: 12 hours, burn_rate_threshold: 3, alert: true, window: 43200, message_alert: a, message_ok: b}
      - {name: 7 days, burn_rate_threshold: 1.5, alert: false, window: 604800, message_alert: a, message_ok: b}
      - {name: 28 days, burn_rate_threshold: 1, alert: false, window: 2419200, message_alert: a, message_ok: b}
"""

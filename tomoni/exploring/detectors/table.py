"""All detectors. The most specific come first: what one has taken, a later one does not propose again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tomoni.exploring.detectors import (
    aws,
    caddy,
    cloud_run,
    columns,
    counted,
    databases,
    envoy,
    gateways,
    google_services,
    grpc,
    haproxy,
    http,
    istio,
    latency,
    linkerd,
    load_balancer,
    mesh,
    native,
    nginx,
    otel_http,
    otel_rpc,
    outcomes,
    pubsub,
    queues,
    recorded,
    spring,
    tomcat,
    traefik,
    uptime,
)
from tomoni.exploring.detectors.file_signals import find_columns
from tomoni.exploring.detectors.signals import find_signals
from tomoni.exploring.likely import Found, LikelySli, journeys_of
from tomoni.exploring.stock import Stock

Detector = Callable[[Stock], Iterator[LikelySli]]

DETECTORS: Mapping[str, Detector] = {
    "native": native.find,
    "counted": counted.find,
    "columns": columns.find,
    "recorded": recorded.find,
    "istio": istio.find,
    "linkerd": linkerd.find,
    "nginx": nginx.find,
    "traefik": traefik.find,
    "haproxy": haproxy.find,
    "otel_http": otel_http.find,
    "otel_rpc": otel_rpc.find,
    "grpc": grpc.find,
    "spring": spring.find,
    "tomcat": tomcat.find,
    "caddy": caddy.find,
    "gateways": gateways.find,
    "aws": aws.find,
    "load_balancer": load_balancer.find,
    "cloud_run": cloud_run.find,
    "mesh": mesh.find,
    "pubsub": pubsub.find,
    "databases": databases.find,
    "google_services": google_services.find,
    "envoy": envoy.find,
    "uptime": uptime.find,
    "queues": queues.find,
    "http": http.find,
    "latency": latency.find,
    "outcomes": outcomes.find,
}


def found_in(stock: Stock) -> Found:
    """Likely journeys with their SLIs, the likeliest first, and signals. Raises `SourceError`."""
    return Found(journeys_of(_slis(stock)), (*find_signals(stock), *find_columns(stock)))


def _slis(stock: Stock) -> Iterator[LikelySli]:
    taken: dict[str, str] = {}
    for name, find in DETECTORS.items():
        for sli in find(stock):
            quality = f"{sli.quality}:{sli.metric}"
            if taken.setdefault(quality, name) == name:
                yield replace(sli, detector=name)

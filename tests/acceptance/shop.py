"""The files of a shop, whose metrics are those of `tests.prometheus_world`."""

from __future__ import annotations


def sources(url: str, more: str = "") -> str:
    """``sources.yaml`` with one Prometheus, whose newest bucket is trusted at once."""
    return f"sources:\n  prometheus: {{kind: prometheus, url: '{url}', lag_seconds: 0, timeout_seconds: 5{more}}}\n"


SMALL = """\
app: shop
journeys:
  - id: buy
    slos:
      - id: availability
        objective: 99.9
        window: 28d
        sli: {source: prometheus, total: http_requests_total, bad: 'http_requests_total{code=~"5.."}'}
"""

SHOP = """\
app: shop
title: {en: Shop, ja: お店}
teams: {app: payments, infra: platform}
timezone: Asia/Tokyo
journeys:
  - id: place-order
    title: {en: Place an order, ja: 注文する}
    slos:
      - id: availability
        objective: 99.9
        window: 28d
        sli:
          source: prometheus
          total: http_requests_total{app="checkout"}
          bad: http_requests_total{app="checkout",code=~"5.."}
      - id: from-good
        objective: 99.9
        window: 28d
        sli:
          source: prometheus
          total: http_requests_total{app="checkout"}
          good: http_requests_total{app="checkout",code!~"5.."}
      - id: expressions
        objective: 99.9
        window: 28d
        sli:
          source: prometheus
          total: {expr: 'sum(increase(http_requests_total{app="checkout"}[$window]))'}
          good: {expr: 'sum(increase(http_requests_total{app="checkout",code!~"5.."}[$window]))'}
      - id: latency
        objective: 98
        window: 28d
        sli: {source: prometheus, histogram: 'http_request_duration_seconds{app="checkout"}', under: 300ms}
      - id: slices
        objective: 99
        window: 28d
        method: timeslices
        slice: {length: 5m, target: 99}
        sli:
          source: prometheus
          total: http_requests_total{app="checkout"}
          bad: http_requests_total{app="checkout",code=~"5.."}
      - id: month
        objective: 99.9
        window: {calendar: month}
        sli:
          source: prometheus
          total: http_requests_total{app="checkout"}
          bad: http_requests_total{app="checkout",code=~"5.."}
      - id: perfect
        objective: 100
        window: 7d
        sli:
          source: prometheus
          total: http_requests_total{app="checkout"}
          bad: http_requests_total{app="checkout",code=~"5.."}
"""

OFFICE = """\
app: office
title: Back office
journeys:
  - id: look-up
    slos:
      - id: search
        objective: 99.5
        window: 28d
        sli:
          source: prometheus
          total: http_requests_total{app="search"}
          bad: http_requests_total{app="search",code=~"5.."}
      - id: search-of-a-day
        objective: 99.5
        window: 1d
        sli:
          source: prometheus
          total: http_requests_total{app="search"}
          bad: http_requests_total{app="search",code=~"5.."}
      - id: rare
        objective: 99
        window: 28d
        min_events: 100000
        sli:
          source: prometheus
          total: http_requests_total{app="backoffice"}
          bad: http_requests_total{app="backoffice",code=~"5.."}
      - id: silent
        objective: 99
        window: 28d
        sli:
          source: prometheus
          total: http_requests_total{app="silent"}
          bad: http_requests_total{app="silent",code=~"5.."}
      - id: unknown
        objective: 99
        window: 28d
        sli: {source: prometheus, total: no_such_total, bad: no_such_failures_total}
      - id: probe
        objective: 99
        window: 28d
        sli: {source: prometheus, gauge: 'min(probe_success{job="web"})', good_when: '>= 1'}
infra:
  - {id: load, title: Load, source: prometheus, query: avg(node_load1), unit: count}
"""

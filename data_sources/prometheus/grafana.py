"""The same query over the same interval in Grafana's Explore."""

from __future__ import annotations

import json
from urllib.parse import quote

from data_sources.base import Interval
from data_sources.prometheus.config import Grafana
from data_sources.prometheus.errors import bare


def grafana_url(grafana: Grafana, text: str, interval: Interval) -> str:
    """The address of a query; the interval is absolute, in milliseconds, and its buckets are the shortest step."""
    uid = grafana.datasource
    step = f"{interval.step_seconds}s"
    query = {"refId": "A", "expr": text, "interval": step, "datasource": {"type": "prometheus", "uid": uid}}
    pane = {
        "datasource": uid,
        "queries": [query],
        "range": {"from": str(interval.start * 1000), "to": str(interval.end * 1000)},
    }
    panes = quote(json.dumps({"a": pane}, separators=(",", ":")))
    return f"{bare(str(grafana.url)).rstrip('/')}/explore?schemaVersion=1&orgId={grafana.organization}&panes={panes}"

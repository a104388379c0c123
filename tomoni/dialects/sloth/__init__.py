"""Sloth: `prometheus/v1` and the Kubernetes form `PrometheusServiceLevel`."""

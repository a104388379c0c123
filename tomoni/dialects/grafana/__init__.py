"""Grafana SLO: what its API returns."""

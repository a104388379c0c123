"""Terraform: `google_monitoring_slo` and `grafana_slo`."""

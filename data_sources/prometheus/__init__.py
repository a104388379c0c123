"""Any server with the Prometheus HTTP API."""

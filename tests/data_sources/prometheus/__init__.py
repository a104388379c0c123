"""The source of Prometheus: against a real server, and against one that fails as a test tells it to."""

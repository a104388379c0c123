"""Cloud Monitoring and Prometheus side by side: the shipped example, against a stand-in and a real server."""

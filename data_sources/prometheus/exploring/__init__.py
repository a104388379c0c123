"""Looking at any metric of a Prometheus server: which it has, and the PromQL that fits what each one is."""

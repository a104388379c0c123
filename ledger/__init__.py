"""Which buckets are missing, fetching them once, and reading them back as arrays."""

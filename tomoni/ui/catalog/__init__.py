"""What is configured, and how each source is."""

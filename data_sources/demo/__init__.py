"""A seeded, believable world that needs nothing."""

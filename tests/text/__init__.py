"""Languages, rounding and times."""

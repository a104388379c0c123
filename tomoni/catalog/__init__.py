"""What users write: its schema, its loading with line numbers, and its problems as data."""

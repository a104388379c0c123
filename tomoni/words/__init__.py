"""Turns values (states, notices, problems, errors, figures) into sentences a reader understands."""

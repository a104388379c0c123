"""Exploring the metrics of a project."""

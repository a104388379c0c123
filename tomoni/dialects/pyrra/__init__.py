"""Pyrra: `pyrra.dev/v1alpha1`, `ServiceLevelObjective`."""

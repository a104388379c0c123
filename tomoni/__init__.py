"""Tomoni: the screen that an infrastructure team and an application team look at together."""

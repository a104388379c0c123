"""Tests of the data base."""

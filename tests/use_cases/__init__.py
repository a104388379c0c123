"""Tests of the use cases and of what threads share between them."""

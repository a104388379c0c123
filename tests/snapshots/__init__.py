"""Tests of frozen reviews and of every file made from them."""

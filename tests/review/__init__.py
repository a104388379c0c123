"""Tests of the reviews, on a real ledger and real sources."""

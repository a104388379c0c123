"""Adapters: each turns the answers of one kind of source into series of buckets."""

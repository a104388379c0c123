"""Backstage: annotations and links of catalog entities."""

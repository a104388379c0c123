"""Programs that try the product for minutes, outside the usual suite; their results are in docs/scale.md."""

"""A frozen review, and the files made from it: one document, one exporter a format."""

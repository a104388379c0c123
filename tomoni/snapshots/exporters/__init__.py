"""Files of a document: one exporter a format."""

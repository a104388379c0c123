"""The chapters of a document, one module each or a few; `snapshots.contents` puts them in order."""

"""The HTML file: one page that opens offline, with its figures."""

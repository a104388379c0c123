"""The HTTP around the pages: what is answered beside them, what they may do in a browser, and who is let in by name."""

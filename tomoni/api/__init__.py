"""The HTTP API beside the pages: events, actions and the status, for other programs."""

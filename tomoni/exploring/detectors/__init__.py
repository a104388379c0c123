"""Detectors of likely SLIs, one convention a file; a new one joins by one line of the table."""

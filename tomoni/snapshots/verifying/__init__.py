"""Whether a file still says what its snapshot says."""

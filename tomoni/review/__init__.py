"""Use cases: builds the one value that every screen, file and command shows."""

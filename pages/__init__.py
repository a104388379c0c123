"""One screen a file: ask, build, draw."""

"""A kind of source that only the tests know: even traffic, of which some is bad."""

"""The home of a team."""

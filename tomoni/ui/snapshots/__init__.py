"""The list of snapshots, and making their files."""

"""The demo source and its world."""

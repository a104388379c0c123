"""The review meeting on the screen: its frame, and one module for each of its steps."""

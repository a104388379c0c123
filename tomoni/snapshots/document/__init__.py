"""What a snapshot says, in the words of one language: chapters of parts of blocks."""

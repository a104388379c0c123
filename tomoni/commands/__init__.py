"""What the command line does: one command a module, and what they share."""

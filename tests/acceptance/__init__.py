"""The product from outside: files as people write them, the command line as a process, and what both promise."""

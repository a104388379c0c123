"""A review that was frozen: the record, how it is stored, and how two of them compare."""

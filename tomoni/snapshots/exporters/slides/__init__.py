"""A document as PowerPoint: a talk of about six slides, and behind a divider everything else.

`deck` writes the file, `plan` decides what stands on which slide, `look` is the master that it is written on.
"""

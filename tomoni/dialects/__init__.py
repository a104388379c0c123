"""SLOs as other tools write them: a package per dialect, with one file for reading and one for writing."""

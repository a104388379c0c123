"""Tomoni's command line from a checkout: `python cli.py COMMAND`. An installed package has the same as `tomoni`."""

from __future__ import annotations

from tomoni.cli import cli, main

__all__ = ["cli", "main"]

if __name__ == "__main__":
    main()

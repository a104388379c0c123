"""Tomoni's command line from a checkout: `python cli.py COMMAND`. An installed package has the same as `tomoni`."""

from __future__ import annotations

import sys

try:
    from tomoni.cli import cli, main
except ModuleNotFoundError as error:  # another Python than the one that was set up
    sys.exit(
        f"The package {error.name} is missing for {sys.executable}; run `make demo` once, which installs what is"
        " needed, then `. .venv/bin/activate`."
    )

__all__ = ["cli", "main"]

if __name__ == "__main__":
    main()

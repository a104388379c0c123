"""A process that closes reviews one after the other: `python -m tests.use_cases.closer CONFIG URL NOW LOG ID...`.

It writes the id of each to the log before it begins, and once more with a + after it was told that it is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tomoni.settings import ProcessSettings
from tomoni.use_cases.closing import close_meeting
from tomoni.wiring import open_tomoni


def close_all(config: str, url: str, now: str, log: Path, ids: list[str]) -> None:
    """Closes all reviews of these ids."""
    product = open_tomoni(ProcessSettings.model_validate({"config": config, "database_url": url, "now": now}), {})
    with log.open("a") as out:
        for id_ in ids:
            out.write(f"{id_}\n")
            out.flush()
            close_meeting(product, id_)
            out.write(f"{id_}+\n")
            out.flush()


if __name__ == "__main__":
    config, url, now, log, *ids = sys.argv[1:]
    close_all(config, url, now, Path(log), ids)

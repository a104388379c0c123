"""A real Prometheus that holds the bench's world."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_port, wait_until_up
from bench.world import APPS, openmetrics


@contextmanager
def prometheus(folder: Path, end: int, apps: int = APPS) -> Iterator[str]:
    """The address of a server on loopback, filled with the history of some apps until ``end``; ends with the block.

    Raises FileNotFoundError where the programs are missing (`make bench` installs them).
    """
    text = folder / "history.txt"
    with text.open("w") as file:
        file.writelines(f"{part}\n" for part in openmetrics(end, apps))
    # promtool reads the whole text once a block: a few long blocks, instead of one every two hours.
    build = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=486h"]
    subprocess.run([*build, text, folder / "data"], check=True, capture_output=True)
    text.unlink()
    port = free_port()
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1m}\n")
    command = [
        shutil.which("prometheus") or "prometheus",
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        "--storage.tsdb.retention.time=20y",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_until_up(f"http://127.0.0.1:{port}/-/ready")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)

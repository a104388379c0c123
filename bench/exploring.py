"""Measures `/explore`: finding among 20,000 metrics, and what is different over 500 metrics of 28 days.

python -m bench.exploring
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

import numpy as np
from pydantic import HttpUrl
from rich.console import Console

from data_sources.exploring import Matcher, Metric, MetricType, Operator
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.data_sources.big_server import names
from tests.real_prometheus import make_blocks, serving
from tomoni.exploring.index import MetricIndex
from tomoni.use_cases.different import Different, Marked, find_different
from tomoni.use_cases.jobs import Job, Jobs

SEARCHES, METRICS, DAYS, SCRAPE = 1_000, 500, 28, 900
SAY = Console(width=130)
MOVED = slice(-100, -92)  # of the samples of one metric


def main() -> None:
    """Prints both, in seconds of the wall and of one core."""
    searching()
    with tempfile.TemporaryDirectory(prefix="tomoni-bench-") as name:
        folder, end = Path(name), int(time.time()) // SCRAPE * SCRAPE
        write(folder / "world.txt", end)
        (folder / "data").mkdir()
        make_blocks(folder / "world.txt", folder / "data")
        with serving(folder) as url:
            different(url, end)


def searching() -> None:
    """A thousand things that somebody may type: one to three words of a name in any order, some with a letter lost."""
    rng, known = random.Random(4), names()
    index = MetricIndex(Metric(name, MetricType.COUNTER, "", f"What {name} counts, in a few words.") for name in known)
    cores, walls = [], []
    for _ in range(SEARCHES):
        words = rng.choice(known).replace(":", "_").split("_")
        rng.shuffle(words)
        typed = " ".join(_typed(word, rng) for word in words[: rng.randint(1, 3)])
        wall, core = time.perf_counter(), time.process_time()
        index.search(typed)
        walls.append(time.perf_counter() - wall)
        cores.append(time.process_time() - core)
    for what, found in (("wall", walls), ("core", cores)):
        half, most = 1e3 * np.percentile(found, (50, 95))
        SAY.print(f"search, {what}: p50 {half:.0f} ms, p95 {most:.0f} ms")


def _typed(word: str, rng: random.Random) -> str:
    lost = rng.randrange(len(word)) if word else 0
    return word[:lost] + word[lost + 1 :] if len(word) > 4 and rng.random() < 0.3 else word


def write(path: Path, end: int) -> None:
    """Two series of each metric over 28 days; one metric moves."""
    count, rng = DAYS * 86_400 // SCRAPE, np.random.default_rng(3)
    places = np.arange(count + 1)
    times = end - (count - places) * SCRAPE
    with path.open("w") as file:
        for metric in range(METRICS):
            for pod in "ab":
                values = 50 + 10 * np.sin(places * SCRAPE / 86_400 * 2 * np.pi + metric) + rng.normal(0, 3, count + 1)
                if metric == 77:
                    values[MOVED] += 60
                series = f'm{metric:03}_depth{{job="shop",pod="{pod}"}}'
                file.writelines(f"{series} {value:.3f} {at}\n" for value, at in zip(values, times, strict=True))
        file.write("# EOF\n")


def different(url: str, end: int) -> None:
    """What moved of all metrics with a label, twice; the second time the server has read its blocks."""
    source = PrometheusSource("bench", PrometheusConfig(kind="prometheus", url=HttpUrl(url)))
    listed = [metric for part in source.metrics(lambda: False) for metric in part]
    where = (Matcher("job", Operator.EQUAL, "shop"),)
    marked = Marked((end + MOVED.start * SCRAPE, end + MOVED.stop * SCRAPE), (), (), None, None, source, where, listed)
    for turn in range(2):
        wall, core = time.perf_counter(), time.process_time()
        job = Jobs(time.monotonic).start(str(turn), find_different(marked))
        first = _first_result(job)
        job.wait(120)
        found = job.result.metrics if job.result else None
        named = [each.name for each in found.outstanding] if found else job.error
        took = f"first {first - wall:.2f} s, all {time.perf_counter() - wall:.2f} s"
        SAY.print(
            f"different: {took}, core {time.process_time() - core:.2f} s, of {found.tried if found else 0}: {named}"
        )
    source.close()


def _first_result(job: Job[Different]) -> float:
    while not job.ended and ((found := job.progress.found) is None or found.metrics is None):
        time.sleep(0.01)
    return time.perf_counter()


if __name__ == "__main__":
    main()

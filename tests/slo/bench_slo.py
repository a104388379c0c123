"""How fast the maths is; run by hand: ``python -m tests.slo.bench_slo``. Prints milliseconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from tests.slo.making import DAY, START, definition
from tomoni.slo.alerts import alert_history
from tomoni.slo.episodes import burn_ledger
from tomoni.slo.lines import burn_down, forecast, rolling_remaining
from tomoni.slo.model import Buckets
from tomoni.slo.status import evaluate

ROUNDS = 7


def believable(count: int, step: int, seed: int) -> Buckets:
    """Traffic with a swing by the day, a few bad events, and four incidents."""
    random = np.random.default_rng(seed)
    swing = 1 + 0.6 * np.sin(np.arange(count) * step / DAY * 2 * np.pi)
    total = random.poisson(300 * swing).astype(np.float64)
    ratio = np.full(count, 0.0004)
    for place in random.integers(0, count, 4):
        ratio[place : place + 3600 // step] = 0.05
    return Buckets(
        START, step, total - random.binomial(total.astype(np.int64), ratio), total, np.zeros(count, np.bool_)
    )


def fastest_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The fastest of several rounds, milliseconds."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken) * 1000


def one_slo() -> None:
    """All figures of one SLO over 90 days at 1 minute."""
    held = believable(90 * 1440, 60, 1)
    wanted = definition("99.9", 28 * DAY)
    moments = held.start + held.step_seconds * np.arange(1, len(held.total) + 1)
    parts: dict[str, Callable[[], object]] = {
        "status": lambda: evaluate(held, wanted, held.end),
        "rolling line": lambda: rolling_remaining(held, wanted, moments),
        "burn-down": lambda: burn_down(held, wanted, held.start, held.end),
        "episodes": lambda: burn_ledger(held, wanted, held.start, held.end),
        "forecast": lambda: forecast(held, wanted, held.end),
        "alert history": lambda: alert_history(held, wanted, held.start, held.end),
    }
    total = fastest_ms(lambda: [part() for part in parts.values()])
    for name, part in parts.items():
        sys.stdout.write(f"  {name:<14} {fastest_ms(part):7.1f} ms\n")
    sys.stdout.write(f"one SLO, 90 d at 1 min, all of it: {total:.1f} ms (at most 50)\n")


def many_slos() -> None:
    """The figures of 250 SLOs over 28 days at 5 minutes."""
    held = [believable(28 * 288, 300, seed) for seed in range(250)]
    wanted = definition("99.9", 28 * DAY)
    taken = fastest_ms(lambda: [evaluate(each, wanted, each.end) for each in held], 3)
    sys.stdout.write(f"250 SLOs, 28 d at 5 min: {taken:.0f} ms (at most 1500)\n")


if __name__ == "__main__":
    one_slo()
    many_slos()

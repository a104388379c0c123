"""Four days of requests that end with an hour of incident, in several shapes, and the alerts of other tools on them.

Minute 0 is the first one of the incident; a counter's sample is taken at the beginning of each minute.
"""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from tests.dialects.parity.world import DAY, END, MINUTE
from tests.real_prometheus import make_blocks

IntArray = npt.NDArray[np.int64]

BEFORE, DURING, AFTER = 4 * 1440, 60, 240
ALLOWED = 0.005
BEGAN = END - DURING * MINUTE - AFTER * MINUTE
SHAPES = ("fast", "slow", "flapping", "low", "outage", "recovering", "gone", "quiet")
FORM_SHAPES = ("fast", "flapping", "low", "gone", "quiet")  # of which other forms of SLI are judged too
SLICE_SECONDS, SLICE_BAD_ABOVE = 300, 0.05
MIN_EVENTS, SILENCE_MINUTES = 100, 30
_MINUTES = BEFORE + DURING + AFTER


def shares(shape: str) -> npt.NDArray[np.float64]:
    """The share of requests that fail in each minute of the incident."""
    minute = np.arange(DURING)
    return {
        "fast": np.full(DURING, 0.3),
        "slow": np.full(DURING, 0.04),
        "flapping": np.where(minute // 5 % 2 == 0, 0.4, 0.0),
        "low": np.full(DURING, 0.5),
        "outage": np.ones(DURING),
        "recovering": np.linspace(0.5, 0, DURING),
    }.get(shape, np.full(DURING, 0.001))


def write_blocks(folder: Path) -> None:
    """Writes the samples of all shapes as blocks into ``data``."""
    text = folder / "incidents.txt"
    with text.open("w") as file:
        file.writelines(line for shape in SHAPES for line in _samples(shape))
        file.write("# EOF\n")
    make_blocks(text, folder / "data")
    text.unlink()


def _samples(shape: str) -> Iterator[str]:
    rng = np.random.default_rng(SHAPES.index(shape))
    share = np.full(_MINUTES, 0.001)
    share[BEFORE : BEFORE + DURING] = shares(shape)
    total = rng.binomial(1, 0.2, _MINUTES) if shape == "low" else rng.poisson(200, _MINUTES)
    bad = rng.binomial(total, share)
    there = np.ones(_MINUTES + 1, dtype=np.bool_)
    if shape == "gone":
        there[BEFORE + 1 : BEFORE + DURING] = False
    at = BEGAN + (np.arange(_MINUTES + 1) - BEFORE) * MINUTE
    written = {f'requests_total{{app="{shape}",code="{code}"}}': n for code, n in (("200", total - bad), ("500", bad))}
    if shape in FORM_SHAPES:  # what fails is slow too
        written[f'seconds_bucket{{app="{shape}",le="0.3"}}'] = total - bad
        written[f'seconds_count{{app="{shape}"}}'] = total
    for name, events in written.items():
        counter = np.concatenate([[0], np.cumsum(events)])
        yield from (
            f"{name} {value} {time}\n" for value, time in zip(counter[there].tolist(), at[there].tolist(), strict=True)
        )


@dataclass(frozen=True)
class Pair:
    """A long and a short window (minutes), the burn rate above which both must be, and how long that must last."""

    long: int
    short: int
    factor: float
    waits: int = 0


WORKBOOK = {
    "page": (Pair(60, 5, 14.4), Pair(360, 30, 6)),
    "ticket": (Pair(1440, 120, 3), Pair(4320, 360, 1)),
}
# By Pyrra's formulas of a window of 28 days.
PYRRA = {
    "page": (Pair(60, 5, 14, 2), Pair(360, 30, 7, 15)),
    "ticket": (Pair(1440, 120, 2, 60), Pair(5760, 360, 1, 180)),
}
# The steps of slo-generator's sample policy that page; Cloud Monitoring's alerts have one window too.
GOOGLE = {"page": (Pair(60, 60, 9), Pair(720, 720, 3))}


def burning(shape: str, pair: Pair) -> str:
    """Whether the share of failures is above the limit in both windows, as PromQL."""
    windows, limit = (pair.long, pair.short), pair.factor * ALLOWED
    return " and ".join(f"({_share(shape, minutes)} > {limit!r})" for minutes in windows)


def slow(shape: str, pair: Pair) -> str:
    """The same of requests that take longer than 300 ms, by the edge of a classic histogram."""
    windows, limit = (pair.long, pair.short), pair.factor * ALLOWED
    edge, total = f'seconds_bucket{{app="{shape}",le="0.3"}}', f'seconds_count{{app="{shape}"}}'
    shares = (f"1 - sum(rate({edge}[{m}m])) / sum(rate({total}[{m}m]))" for m in windows)
    return " and ".join(f"({share} > {limit!r})" for share in shares)


def in_slices(shape: str, pair: Pair) -> str:
    """Whether the share of bad slices is above the limit in both windows; slices are judged where they end."""
    bad = f"({_share(shape, SLICE_SECONDS // 60)}) > bool {SLICE_BAD_ABOVE}"
    # A minute less than the window: ranges are closed at both ends; a slice that ends where it begins is not in it.
    shares = (f"avg_over_time(({bad})[{m * 60 - 60}s:{SLICE_SECONDS}s])" for m in (pair.long, pair.short))
    return " and ".join(f"({share} > {pair.factor * ALLOWED!r})" for share in shares)


def as_gauge(shape: str, pair: Pair) -> str:
    """The same of a gauge of that share, which has no value where nothing happened."""
    bad = f"({_share(shape, SLICE_SECONDS // 60)} >= 0) > bool {SLICE_BAD_ABOVE}"
    shares = (f"avg_over_time(({bad})[{m * 60 - 60}s:{SLICE_SECONDS}s])" for m in (pair.long, pair.short))
    return " and ".join(f"({share} > {pair.factor * ALLOWED!r})" for share in shares)


def guarded(shape: str, pair: Pair) -> str:
    """The workbook's condition where the long window has enough events."""
    enough = f'(sum(increase(requests_total{{app="{shape}"}}[{pair.long}m])) >= {MIN_EVENTS})'
    return f"{burning(shape, pair)} and {enough}"


def gone(shape: str) -> str:
    """Whether there was no sample for as long as silence says; one at the beginning of that time is before it."""
    return f'absent_over_time(requests_total{{app="{shape}"}}[{SILENCE_MINUTES * 60 - 1}s])'


def _share(shape: str, minutes: int) -> str:
    bad, total = f'requests_total{{app="{shape}",code="500"}}', f'requests_total{{app="{shape}"}}'
    return f"sum(rate({bad}[{minutes}m])) / sum(rate({total}[{minutes}m]))"


def sloth() -> str:
    """Sloth's specs of all shapes."""
    return yaml.safe_dump_all(
        {
            "version": "prometheus/v1",
            "service": shape,
            "slos": [
                {
                    "name": "works",
                    "objective": 99.5,
                    "sli": {
                        "events": {
                            "error_query": f'sum(rate(requests_total{{app="{shape}",code="500"}}[{{{{.window}}}}]))',
                            "total_query": f'sum(rate(requests_total{{app="{shape}"}}[{{{{.window}}}}]))',
                        }
                    },
                }
            ],
        }
        for shape in SHAPES
    )


def pyrra() -> str:
    """Pyrra's objectives of all shapes."""
    return yaml.safe_dump_all(
        {
            "apiVersion": "pyrra.dev/v1alpha1",
            "kind": "ServiceLevelObjective",
            "metadata": {"name": "works", "labels": {"app": shape}},
            "spec": {
                "target": "99.5",
                "window": "28d",
                "indicator": {
                    "ratio": {
                        "errors": {"metric": f'requests_total{{app="{shape}",code="500"}}'},
                        "total": {"metric": f'requests_total{{app="{shape}"}}'},
                    }
                },
            },
        }
        for shape in SHAPES
    )


def slo_generator() -> str:
    """slo-generator's SLOs of all shapes, and the policy of its samples."""
    slos: list[dict[str, object]] = [
        {
            "apiVersion": "sre.google.com/v2",
            "kind": "ServiceLevelObjective",
            "metadata": {
                "name": f"{shape}-works",
                "labels": {"service_name": shape, "feature_name": "use", "slo_name": "works"},
            },
            "spec": {
                "description": "Works.",
                "backend": "prometheus",
                "method": "good_bad_ratio",
                "exporters": [],
                "goal": 1 - ALLOWED,
                "service_level_indicator": {
                    "filter_good": f'requests_total{{app="{shape}",code="200"}}[window]',
                    "filter_valid": f'requests_total{{app="{shape}"}}[window]',
                },
            },
        }
        for shape in SHAPES
    ]
    steps = [
        {"name": name, "window": window, "burn_rate_threshold": factor, "alert": alert, "message_alert": "a"}
        for name, window, factor, alert in (
            ("1 hour", 3600, 9, True),
            ("12 hours", 43_200, 3, True),
            ("28 days", 28 * DAY, 1, False),
        )
    ]
    policy = {"default": {"steps": [{**step, "message_ok": "b"} for step in steps]}}
    config = {"backends": {"prometheus": {"url": "http://x"}}, "error_budget_policies": policy}
    return yaml.safe_dump_all([*slos, config])


def spans(minutes: Sequence[int]) -> str:
    """Minutes as the stretches that they form."""
    found: list[list[int]] = []
    for minute in minutes:
        if found and minute == found[-1][1] + 1:
            found[-1][1] = minute
        else:
            found.append([minute, minute])
    return ", ".join(f"{first}–{last}" for first, last in found) or "—"


def series(url: str, query: str, start: int, end: int, step: int) -> dict[int, float]:
    """The values of an expression that gives one series or none, by their Unix seconds."""
    body = urllib.parse.urlencode({"query": query, "start": start, "end": end, "step": step}).encode()
    with urllib.request.urlopen(f"{url}/api/v1/query_range", body, timeout=120) as answer:
        result = json.load(answer)["data"]["result"]
    return {int(time): float(value) for each in result for time, value in each["values"]}

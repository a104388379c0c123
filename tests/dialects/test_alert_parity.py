"""One Prometheus, an hour of incident in eight shapes, nine rules files and a reference for each: who fires when.

The last two tables in ``docs/parity.md`` are what this test measures; ``WRITE_GOLDEN=1`` writes them again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.importing import brought
from tests.dialects.parity import incidents
from tests.dialects.parity.incidents import (
    BEGAN,
    DURING,
    FORM_SHAPES,
    GOOGLE,
    MIN_EVENTS,
    PYRRA,
    SHAPES,
    SILENCE_MINUTES,
    WORKBOOK,
    Pair,
    as_gauge,
    burning,
    gone,
    guarded,
    in_slices,
    series,
    slow,
    spans,
)
from tests.dialects.promtool import app_of, check_rules, exported, slo_of
from tests.dialects.test_rules_real import inlined
from tests.real_prometheus import serving
from tomoni.catalog.schema import App
from tomoni.dialects.found import DAY as SECONDS_A_DAY
from tomoni.dialects.found import Wanted

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]

PAGE = Path(__file__).parent.parent.parent / "docs" / "parity.md"
TABLES = {name: re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", re.DOTALL) for name in ("fired", "forms")}
FROM, UNTIL = -30, DURING + incidents.AFTER
BUCKET = 5
SEVERITIES = ("page", "ticket")
ABSENT = "absent"
ALERTS = {"page": "ErrorBudgetBurnPage", "ticket": "ErrorBudgetBurnTicket", ABSENT: "SliAbsent"}
# Their references, as PromQL. A gauge is a share that is looked at once a bucket; parts are counted together.
FORMS = {"latency": slow, "slices": in_slices, "guarded": guarded, "gauge": as_gauge, "split": burning}
REFERENCES = {"workbook": WORKBOOK, "sloth": WORKBOOK, "pyrra": PYRRA, "slo-generator": GOOGLE}
Minutes = set[int]
Fired = dict[tuple[str, str, str], Minutes]  # by rules, shape and severity


def native(shapes: Sequence[str], of: Callable[[str], Mapping[str, Any]], **alert: float) -> list[App]:
    """The shapes as apps of our own, with the alerts of the workbook for 30 days; ``of`` gives the keys of the SLO."""
    alerts = [
        {"severity": severity, "long": f"{pair.long}m", "short": f"{pair.short}m", "factor": pair.factor, **alert}
        for severity, pairs in WORKBOOK.items()
        for pair in pairs
    ]
    made = []
    for shape in shapes:
        keys = {"sli": requests(shape), **of(shape)}
        slo = slo_of("works", keys.pop("sli"), objective=99.5, window="30d", alerts=alerts, **keys)
        made.append(app_of({"app": shape, "journeys": [{"id": "use", "slos": [slo]}]}))
    return made


def requests(shape: str) -> dict[str, str]:
    """The counters of a shape."""
    return {"total": f'requests_total{{app="{shape}"}}', "bad": f'requests_total{{app="{shape}",code="500"}}'}


def forms() -> dict[str, list[App]]:
    """Other forms of SLI: a classic histogram, time slices, events that are guarded against low traffic, a gauge, and
    parts by a label."""
    latency = native(FORM_SHAPES, lambda shape: {"sli": {"histogram": f'seconds{{app="{shape}"}}', "under": "300ms"}})
    slices = native(FORM_SHAPES, lambda _: {"method": "timeslices", "slice": {"length": "5m", "target": 95}})
    silence = {"silence": {"after": f"{SILENCE_MINUTES}m"}}
    guarded_apps = native(FORM_SHAPES, lambda _: silence, min_events=MIN_EVENTS)
    gauge = native(FORM_SHAPES, lambda shape: {"sli": share(shape)})
    split = native(FORM_SHAPES, lambda _: {"split_by": ["code"]})
    return {"latency": latency, "slices": slices, "guarded": guarded_apps, "gauge": gauge, "split": split}


def share(shape: str) -> dict[str, str]:
    """The share of failures of a bucket as a gauge."""
    bad, total = (f"sum(rate({requests(shape)[role]}[$window]))" for role in ("bad", "total"))
    return {"gauge": f"{bad} / {total}", "good_when": f"<= {incidents.SLICE_BAD_ABOVE}"}


def rules_of(folder: Path) -> dict[str, Mapping[str, str]]:
    """Our rules files: of apps of our own, and of what was brought over from each tool."""
    specs = {"sloth": incidents.sloth(), "pyrra": incidents.pyrra(), "slo-generator": incidents.slo_generator()}
    wanted = Wanted(lambda kind, name: kind, window_seconds=30 * SECONDS_A_DAY)
    apps = {name: list(brought(name, folder / name, spec, wanted=wanted).apps.values()) for name, spec in specs.items()}
    own = {"workbook": native(SHAPES, lambda _: {}), **forms()}
    return {name: exported("rules", *of).files for name, of in {**own, **apps}.items()}


@cache  # what was brought over from a tool often asks the very same
def firing(url: str, expr: str) -> Minutes:
    """The minutes of the incident, and around it, at which an expression gives anything."""
    found = series(url, f"count({expr})", BEGAN + FROM * 60, BEGAN + UNTIL * 60, 60)
    return {(time - BEGAN) // 60 for time in found}


def waited(minutes: Minutes, pair: Pair) -> Minutes:
    """Those at which it has lasted as long as an alert waits."""
    return {m for m in minutes if all(m - back in minutes for back in range(pair.waits + 1))}


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fired, Fired, Fired]:
    """When ours fired, when the references burned, and when they fired."""
    folder = tmp_path_factory.mktemp("alerts")
    incidents.write_blocks(folder)
    ours, burned, theirs = Fired(), Fired(), Fired()
    files = rules_of(folder)
    check_rules(*(text for of in files.values() for text in of.values()), folder=folder)
    with serving(folder) as url:
        for name, of in files.items():
            for shape in FORM_SHAPES if name in FORMS else SHAPES:
                expressions = inlined(of[f"{shape}.rules.yaml"])
                for severity in alerts_of(name):
                    expr = expressions.get(("works", ALERTS[severity]))
                    ours[name, shape, severity] = firing(url, expr) if expr else set()
        for name, shape, severity in ours:
            key = (name, shape, severity)
            if severity == ABSENT:
                burned[key] = theirs[key] = firing(url, gone(shape))
                continue
            formula, pairs = FORMS.get(name, burning), REFERENCES.get(name, WORKBOOK).get(severity, ())
            each = [(pair, firing(url, formula(shape, pair))) for pair in pairs]
            burned[key] = set().union(*(minutes for _, minutes in each))
            theirs[key] = set().union(*(waited(minutes, pair) for pair, minutes in each))
    return ours, burned, theirs


def alerts_of(name: str) -> tuple[str, ...]:
    """The alerts that are looked at of some rules: that a metric is gone is every app's, and looked at once."""
    return (*SEVERITIES, ABSENT) if name == "guarded" else SEVERITIES


def test_ours_fire_within_a_bucket_of_the_reference_and_never_without_it(fired: tuple[Fired, Fired, Fired]) -> None:
    ours, burned, _ = fired
    for key, minutes in ours.items():
        late = {m for m in burned[key] if not minutes & set(range(m, m + BUCKET + 1))}
        alone = {m for m in minutes if not burned[key] & set(range(m - BUCKET, m + 1))}
        assert (key, spans(sorted(late)), spans(sorted(alone))) == (key, "—", "—")


def test_ours_fire_in_the_same_evaluation_where_buckets_end(fired: tuple[Fired, Fired, Fired]) -> None:
    ours, burned, _ = fired
    for key, minutes in ours.items():
        if key[2] == ABSENT:  # a sample where a bucket ends belongs to the next one
            continue
        assert {m for m in minutes if m % BUCKET == 0} == {m for m in burned[key] if m % BUCKET == 0}, key
    assert all(ours["workbook", shape, "page"] for shape in ("fast", "outage", "flapping", "recovering"))
    assert not any(minutes for (_, shape, _), minutes in ours.items() if shape == "quiet")
    assert ours["latency", "fast", "page"]
    assert ours["slices", "flapping", "page"]
    assert ours["gauge", "flapping", "page"]
    assert ours["split", "fast", "page"]
    assert not ours["guarded", "low", "page"]
    assert ours["guarded", "low", "ticket"]
    assert {shape for shape in FORM_SHAPES if ours["guarded", shape, ABSENT]} == {"gone"}


def test_the_tables_of_the_documentation_are_what_fires(fired: tuple[Fired, Fired, Fired]) -> None:
    ours, _, theirs = fired
    tools = [
        ("Tomoni", ours, "workbook"),
        ("workbook, Sloth", theirs, "workbook"),
        ("Tomoni, from Pyrra", ours, "pyrra"),
        ("Pyrra", theirs, "pyrra"),
        ("Tomoni, from slo-generator", ours, "slo-generator"),
        ("slo-generator", theirs, "slo-generator"),
    ]
    others = [(f"{who}{name}", found, name) for name in FORMS for who, found in (("", ours), ("workbook, ", theirs))]
    tables = {"fired": _table(tools, SHAPES, SEVERITIES), "forms": _table(others, FORM_SHAPES, (*SEVERITIES, ABSENT))}
    for name, table in tables.items():
        if os.environ.get("WRITE_GOLDEN"):
            before = PAGE.read_text(encoding="utf-8")
            (old,) = TABLES[name].findall(before)
            PAGE.write_text(before.replace(old, table, 1), encoding="utf-8")
        assert TABLES[name].findall(PAGE.read_text(encoding="utf-8")) == [table]


def _table(columns: Sequence[tuple[str, Fired, str]], shapes: Sequence[str], severities: Sequence[str]) -> str:
    lines = [
        f"| incident | severity | {' | '.join(name for name, _, _ in columns)} |",
        "|---" * (len(columns) + 2) + "|",
    ]
    for shape in shapes:
        for severity in severities:
            cells = [spans(sorted(found.get((name, shape, severity), ()))) for _, found, name in columns]
            lines.append(f"| {shape} | {severity} | {' | '.join(cells)} |")
    return "".join(f"{line}\n" for line in lines)

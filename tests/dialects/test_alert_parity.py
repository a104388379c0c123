"""One Prometheus, an hour of incident in eight shapes, and rules of four kinds beside ours: who fires when.

The second table in ``docs/parity.md`` is what this test measures; ``WRITE_GOLDEN=1`` writes it again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.dialects.importing import brought
from tests.dialects.parity import incidents
from tests.dialects.parity.incidents import BEGAN, DURING, GOOGLE, PYRRA, SHAPES, WORKBOOK, Pair, burning, series, spans
from tests.dialects.promtool import app_of, check_rules, exported, slo_of
from tests.dialects.test_rules_real import inlined
from tests.real_prometheus import serving
from tomoni.catalog.schema import App
from tomoni.dialects.found import DAY as SECONDS_A_DAY
from tomoni.dialects.found import Wanted

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]

PAGE = Path(__file__).parent.parent.parent / "docs" / "parity.md"
TABLE = re.compile(r"(?<=<!-- fired -->\n).*?(?=<!-- end -->)", re.DOTALL)
FROM, UNTIL = -30, DURING + incidents.AFTER
BUCKET = 5
SEVERITIES = ("page", "ticket")
REFERENCES = {"workbook": WORKBOOK, "sloth": WORKBOOK, "pyrra": PYRRA, "slo-generator": GOOGLE}
Minutes = set[int]
Fired = dict[tuple[str, str, str], Minutes]  # by rules, shape and severity


def native() -> list[App]:
    """The shapes as apps of our own, with the alerts of the workbook for 30 days."""
    alerts = [
        {"severity": severity, "long": f"{pair.long}m", "short": f"{pair.short}m", "factor": pair.factor}
        for severity, pairs in WORKBOOK.items()
        for pair in pairs
    ]
    made = []
    for shape in SHAPES:
        bad, total = f'requests_total{{app="{shape}",code="500"}}', f'requests_total{{app="{shape}"}}'
        slo = slo_of("works", {"total": total, "bad": bad}, objective=99.5, window="30d", alerts=alerts)
        made.append(app_of({"app": shape, "journeys": [{"id": "use", "slos": [slo]}]}))
    return made


def rules_of(folder: Path) -> dict[str, Mapping[str, str]]:
    """Our rules files: of apps of our own, and of what was brought over from each tool."""
    specs = {"sloth": incidents.sloth(), "pyrra": incidents.pyrra(), "slo-generator": incidents.slo_generator()}
    wanted = Wanted(lambda kind, name: kind, window_seconds=30 * SECONDS_A_DAY)
    apps = {name: list(brought(name, folder / name, spec, wanted=wanted).apps.values()) for name, spec in specs.items()}
    return {name: exported("rules", *of).files for name, of in {"workbook": native(), **apps}.items()}


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
    with serving(folder) as url:
        for name, of in files.items():
            check_rules(*of.values(), folder=folder)
            for shape in SHAPES:
                expressions = inlined(of[f"{shape}.rules.yaml"])
                for severity in SEVERITIES:
                    expr = expressions.get(("works", f"ErrorBudgetBurn{severity.title()}"))
                    ours[name, shape, severity] = firing(url, expr) if expr else set()
        for name, severities in REFERENCES.items():
            for shape, severity in ((shape, severity) for shape in SHAPES for severity in SEVERITIES):
                key = (name, shape, severity)
                if name == "sloth":  # the same windows and factors, and the same formula
                    burned[key], theirs[key] = burned["workbook", *key[1:]], theirs["workbook", *key[1:]]
                    continue
                each = [(pair, firing(url, burning(shape, pair))) for pair in severities.get(severity, ())]
                burned[key] = set().union(*(minutes for _, minutes in each))
                theirs[key] = set().union(*(waited(minutes, pair) for pair, minutes in each))
    return ours, burned, theirs


def test_ours_fire_within_a_bucket_of_the_reference_and_never_without_it(fired: tuple[Fired, Fired, Fired]) -> None:
    ours, burned, _ = fired
    for key, minutes in ours.items():
        late = {m for m in burned[key] if not minutes & set(range(m, m + BUCKET + 1))}
        alone = {m for m in minutes if not burned[key] & set(range(m - BUCKET, m + 1))}
        assert (key, spans(sorted(late)), spans(sorted(alone))) == (key, "—", "—")


def test_ours_fire_in_the_same_evaluation_where_buckets_end(fired: tuple[Fired, Fired, Fired]) -> None:
    ours, burned, _ = fired
    for key, minutes in ours.items():
        assert {m for m in minutes if m % BUCKET == 0} == {m for m in burned[key] if m % BUCKET == 0}, key
    assert all(ours["workbook", shape, "page"] for shape in ("fast", "outage", "flapping", "recovering"))
    assert not any(ours[name, "quiet", severity] for name in REFERENCES for severity in SEVERITIES)


def test_the_table_of_the_documentation_is_what_fires(fired: tuple[Fired, Fired, Fired]) -> None:
    table = "".join(f"{line}\n" for line in _lines(*fired))
    if os.environ.get("WRITE_GOLDEN"):
        PAGE.write_text(TABLE.sub(lambda _: table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    assert TABLE.findall(PAGE.read_text(encoding="utf-8")) == [table]


def _lines(ours: Fired, _: Fired, theirs: Fired) -> Iterator[str]:
    columns = [
        ("Tomoni", ours, "workbook"),
        ("workbook, Sloth", theirs, "workbook"),
        ("Tomoni, from Pyrra", ours, "pyrra"),
        ("Pyrra", theirs, "pyrra"),
        ("Tomoni, from slo-generator", ours, "slo-generator"),
        ("slo-generator", theirs, "slo-generator"),
    ]
    yield f"| incident | severity | {' | '.join(name for name, _, _ in columns)} |"
    yield "|---" * (len(columns) + 2) + "|"
    for shape in SHAPES:
        for severity in SEVERITIES:
            cells = [spans(sorted(found[name, shape, severity])) for _, found, name in columns]
            yield f"| {shape} | {severity} | {' | '.join(cells)} |"

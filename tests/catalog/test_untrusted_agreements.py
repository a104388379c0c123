"""Whatever stands in exclusions and policies, loading ends with values or problems, and values can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalog.golden import HERE
from tomoni.catalog.codes import Code
from tomoni.catalog.for_reviews import Step
from tomoni.catalog.load import load
from tomoni.catalog.occurrences import occurrences
from tomoni.catalog.unread_files import FOLDERS
from tomoni.meetings.model import RiskEntry
from tomoni.slo.model import DAY

pytestmark = pytest.mark.slow

ROOT = HERE.parents[1]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
FILES = [
    ("exclusions", "exclusions/checkout.yaml"),
    ("policies", "policies.yaml"),
    ("agenda", "agendas/checkout.yaml"),
    ("risks", "risks/checkout.yaml"),
]
NOW = 1_795_132_800
SOURCES = "sources: {demo: {kind: demo}}\n"
SLO = "slos: [{id: availability, objective: 99, window: 28d, sli: {source: demo, counts: a}}]"
APP = f"app: checkout\njourneys: [{{id: place-order, {SLO}}}, {{id: handle-return, {SLO}}}]\n"
ODD = """[] {} null -1 1e999 99999999999999999999 50% FREQ=DAILY FREQ=YEARLY;INTERVAL=9999 0001-01-01 24:00 JP ZZ
FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2 9999-12-31T23:59:59 3650d 1ms FREQ=WEEKLY;UNTIL=20991231T235959Z"""
odd = st.sampled_from(["", *ODD.split()]) | st.text(max_size=12)


def example_of(schema: str) -> list[str]:
    (found,) = re.findall(rf"```yaml\n(# yaml-language-server: \S+/{schema}\.schema.*?)```", PAGE, re.DOTALL)
    return str(found).splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("config")
    for name in FOLDERS:
        (made / name).mkdir()
    (made / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (made / "apps" / "checkout.yaml").write_text(APP, encoding="utf-8")
    return made


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_change_of_a_file_is_a_problem_or_a_value_that_can_be_used(folder: Path, data: st.DataObject) -> None:
    name, file = data.draw(st.sampled_from(FILES))
    lines = example_of(name)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        key = lines[place].partition(":")[0]
        lines[place] = data.draw(st.sampled_from([f"{key}: {data.draw(odd)}", "", key, lines[place] * 2]))
    (folder / file).write_text("\n".join(lines), encoding="utf-8", errors="replace")
    catalog = load(folder, {})
    assert all(problem.code in {code.value for code in Code} for problem in catalog.problems)
    for exclusion in catalog.apps[0].exclusions:
        for start, end in occurrences(exclusion, NOW - 28 * DAY, NOW + 28 * DAY):
            assert start < NOW + 28 * DAY
            assert start < end
            assert end > NOW - 28 * DAY
    policy = catalog.apps[0].policy
    assert policy is None or all(0 <= level.below <= 1 for level in policy.levels)
    agenda = catalog.apps[0].agenda
    assert agenda.steps[-1].step is Step.CLOSE
    assert all(1 <= step.minutes <= 240 for step in agenda.steps)
    assert len({step.step for step in agenda.steps}) == len(agenda.steps)
    for risk in catalog.apps[0].risks:
        kept = {key: getattr(risk, key) for key in RiskEntry.model_fields if hasattr(risk, key)}
        assert RiskEntry.model_validate({**kept, "app": "checkout", "title": "a", "text": ""}).days_between > 0

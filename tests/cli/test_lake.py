"""`export parquet`: what DuckDB and pandas read from it is what the ledger has, and only what changed is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.cli.conftest import Run
from tomoni.commands.lake import STATE, schema_of
from tomoni.review.inputs import slos_of
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni

DOCUMENT = Path(__file__).parents[2] / "docs" / "lake.md"
LATER = "2026-11-18T12:00:00+00:00"


@pytest.fixture
def lake(run: Run, tmp_path: Path) -> Path:
    assert run("sync", "--days", "3").exit_code == 0
    assert run("export", "parquet", "--out", str(tmp_path / "lake")).exit_code == 0
    return tmp_path / "lake"


def asked(query: str) -> list[tuple[Any, ...]]:
    found = duckdb.sql(query)
    assert found is not None
    return found.fetchall()


def sums(lake: Path) -> dict[tuple[str, str, str], tuple[float, float, int]]:
    found = asked(
        "SELECT app, journey, slo, sum(good), sum(total), count(total) "
        f"FROM read_parquet('{lake}/slos/*/*.parquet', hive_partitioning = true) GROUP BY ALL"
    )
    return {(app, journey, slo): (good, total, count) for app, journey, slo, good, total, count in found}


def test_duckdb_reads_what_the_ledger_has(lake: Path, environ: dict[str, str]) -> None:
    given = {"config": environ["TOMONI_CONFIG"], "database_url": environ["TOMONI_DATABASE_URL"], "now": LATER}
    tomoni = open_tomoni(ProcessSettings.model_validate(given), {})
    found = sums(lake)
    for place in slos_of(tomoni.apps()):
        stored = tomoni.ledger.read([place.slo.series], 0, tomoni.now())[place.slo.series.key].buckets()
        known = ~pd.isna(stored.total)
        expected = (stored.good[known].sum(), stored.total[known].sum(), known.sum())
        assert found.get((place.app.id, place.journey.id, place.slo.id), (None, None, 0)) == (
            expected if known.any() else (None, None, 0)
        )
    tomoni.close()
    days = asked(f"SELECT DISTINCT day FROM read_parquet('{lake}/slos/*/*.parquet', hive_partitioning = true)")
    assert len(days) >= 3
    frame = pd.read_parquet(lake / "slos")
    assert set(frame["seconds"]) == {300}
    assert frame["start"].min() >= pd.Timestamp("2026-11-15", tz="UTC")


def test_only_days_that_changed_are_written_again(run: Run, lake: Path) -> None:
    before = {file: file.read_bytes() for file in lake.glob("*/*/part.parquet")}
    again = run("export", "parquet", "--out", str(lake))
    assert f" 0 files written, {len(before)} unchanged." in again.stdout
    assert run("sync", "--days", "3", TOMONI_NOW=LATER).exit_code == 0
    assert run("export", "parquet", "--out", str(lake), TOMONI_NOW=LATER).exit_code == 0
    changed = {file.parent.name for file, content in before.items() if file.read_bytes() != content}
    assert "day=2026-11-18" in changed
    assert not changed & {"day=2026-11-15", "day=2026-11-16"}  # a gap of yesterday may have been asked for again
    assert not [name for name in lake.rglob("*") if name.is_file() and name.name not in (STATE, "part.parquet")]


def test_what_was_lost_is_written_again_and_a_part_can_be_chosen(run: Run, lake: Path, tmp_path: Path) -> None:
    whole = sums(lake)
    next(lake.glob("slos/*/part.parquet")).unlink()
    (lake / STATE).write_text("{")
    assert run("export", "parquet", "--out", str(lake)).exit_code == 0
    assert sums(lake) == whole
    part = run("export", "parquet", "--out", str(tmp_path / "part"), "--since", "2026-11-18T00:00Z")
    assert part.exit_code == 0
    assert {file.parent.name for file in (tmp_path / "part").glob("slos/*/*")} == {"day=2026-11-18"}
    assert "There is no app" in run("export", "parquet", "--out", str(lake), "--app", "shpo").stderr
    assert json.loads((lake / STATE).read_text())["version"] == 1


@pytest.mark.parametrize("kind", ["slos", "signals"])
def test_the_columns_are_documented(kind: str) -> None:
    rows = re.findall(r"^\| `?(slos|signals|both)`? \| (.*?) \|", DOCUMENT.read_text(), re.MULTILINE)
    told = {name for of, names in rows if of in (kind, "both") for name in re.findall(r"`(\w+)`", names)}
    assert told == set(schema_of(kind).names)

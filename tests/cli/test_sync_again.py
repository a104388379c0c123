"""`sync --again`: reads an interval again, reports what changed, and never wipes what the source no longer has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow

DAY = ("--from", "2026-11-10T00:00:00Z", "--until", "2026-11-11T00:00:00Z")
START, END = 1_794_268_800, 1_794_355_200


def rewrite(config: Path, name: str, change: Callable[[int, str], str | None]) -> None:
    """Passes every row of a file with its moment through a function; None leaves it out."""
    path = config.parent / "data" / f"{name}.csv"
    head, *rows = path.read_text().splitlines()
    changed = (change(int(row.split(",")[0]), row) for row in rows)
    path.write_text("\n".join([head, *(row for row in changed if row is not None)]) + "\n")


def late(moment: int, row: str) -> str:
    """Twice the events of the day: a shard came late."""
    return f"{moment},2000,1" if START <= moment < END else row


def gone(moment: int, row: str) -> str | None:
    return row if moment >= END else None


@pytest.fixture
def synced(run: Run) -> Run:
    assert run("sync").exit_code == 0
    return run


def test_events_before_and_after_are_reported_for_each_slo(synced: Run, config: Path) -> None:
    rewrite(config, "availability", late)
    assert "288,000" not in synced("sync").stdout  # an ordinary sync does not ask for a settled day
    result = synced("sync", "--again", *DAY)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == [
        "shop/place-order/availability: 10 Nov, 09:00 – 11 Nov 2026, 09:00 JST: events 288,000 → 576,000, bad 72 → 288",
        "4 series are unchanged.",
    ]


def test_the_figures_are_those_that_the_source_gives_now(synced: Run, config: Path) -> None:
    rewrite(config, "availability", late)
    synced("sync", "--again", *DAY)
    again = unmarked(synced("status", "--no-sync", "--format", "json").stdout)
    fresh = {"TOMONI_DATABASE_URL": f"sqlite:///{config.parent / 'fresh.db'}"}
    synced("sync", **fresh)
    assert unmarked(synced("status", "--no-sync", "--format", "json", **fresh).stdout) == again


def unmarked(status: str) -> list[dict[str, object]]:
    """The SLOs of a status, without the notice that their source changed its data."""
    slos = json.loads(status)["slos"]
    return [{**slo, "notices": [n for n in slo["notices"] if n["key"] != "source_changed"]} for slo in slos]


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (("--slo", "availability"), 1),
        (("--slo", "shop/place-order/mail"), 1),
        (("--app", "shop"), 5),
        (("--source", "exports"), 5),
        (("--app", "shop", "--slo", "rows", "--source", "exports"), 1),
    ],
)
def test_it_may_be_limited_to_an_app_an_slo_or_a_source(synced: Run, limit: tuple[str, ...], asked: int) -> None:
    assert f"from {asked} request" in synced("sync", "--again", *DAY, *limit).stdout


def test_what_the_source_no_longer_has_stays_and_is_said(synced: Run, config: Path) -> None:
    before = synced("status", "--no-sync", "--format", "json").stdout
    rewrite(config, "availability", gone)
    result = synced("sync", "--again", *DAY, "--slo", "availability")
    assert result.exit_code == 1
    assert "shop/place-order/availability: 10 Nov" in result.stderr
    assert "no longer has 288 buckets that are stored; they stay" in result.stderr
    assert synced("status", "--no-sync", "--format", "json").stdout == before


def test_a_source_that_keeps_less_is_not_asked(synced: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from data_sources.base import Health
    from data_sources.files.source import FilesSource

    monkeypatch.setattr(FilesSource, "health", lambda _self: Health(True, 0.0, retention_seconds=3 * 86_400))
    result = synced("sync", "--again", *DAY)
    assert result.exit_code == 1
    assert "“exports” keeps data for 3 d and has nothing of this interval; it was not queried" in result.stderr
    assert "Nothing was missing" in result.stdout


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--again",), 2, "--again needs --from and --until"),
        (("--again", *DAY[:2]), 2, "--again needs --from and --until"),
        (("--again", *DAY, "--days", "3"), 2, "no --days"),
        (DAY[:2], 2, "need --again"),
        (("--app", "shop"), 2, "need --again"),
        (("--again", *DAY, "--app", "shup"), 1, "did you mean “shop”?"),
        (("--again", *DAY, "--slo", "availabilty"), 1, "did you mean “availability”?"),
        (("--again", *DAY, "--source", "export"), 1, "did you mean “exports”?"),
        (("--again", "--from", DAY[3], "--until", DAY[1]), 1, "--from lies at or after --until"),
        (("--again", "--from", DAY[1], "--until", "2027-01-01T00:00:00Z"), 1, "in the future"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, options: tuple[str, ...], code: int, said: str) -> None:
    result = run("sync", *options)
    assert result.exit_code == code
    assert said in result.stderr


def test_what_changed_is_marked_on_the_figures(synced: Run, config: Path) -> None:
    assert "source_changed" not in synced("status", "--no-sync", "--format", "json").stdout
    rewrite(config, "availability", late)
    synced("sync", "--again", *DAY)
    slos = json.loads(synced("status", "--no-sync", "--format", "json").stdout)["slos"]
    marked = {slo["slo"]: [n["text"] for n in slo["notices"] if n["key"] == "source_changed"] for slo in slos}
    assert [slo for slo, notices in marked.items() if notices] == ["availability"]
    (text,) = marked["availability"]
    assert "events there: 288000 before, 576000 now" in text
    before = json.loads(synced("status", "--no-sync", "--format", "json", "--at", "2026-11-09T00:00:00Z").stdout)
    assert "source_changed" not in str(before)


def test_what_changed_is_marked_in_the_joint_view_and_in_a_snapshot(synced: Run, config: Path, tmp_path: Path) -> None:
    rewrite(config, "availability", late)
    synced("sync", "--again", *DAY)
    assert synced("snapshot", "--app", "shop", "--no-sync", "--out", str(tmp_path), "--format", "md").exit_code == 0
    (file,) = tmp_path.glob("*.md")
    assert "The source changed its data" in file.read_text()

"""`check`: every problem at once, a line each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tomoni.catalog.schema import Problem, Severity, Spot
from tomoni.commands.checking import once

LINE = re.compile(r"\S+\.yaml:\d+: (Warning: )?[^;]+; .+")


def test_files_without_problems_are_counted(run: Run, config: Path) -> None:
    result = run("check", "--offline")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "1 app, 2 journeys, 5 SLOs, 0 infra signals and 1 source: no problems found.\n"


def test_every_problem_has_its_line_and_a_hint(run: Run, config: Path) -> None:
    file = config / "apps" / "shop.yaml"
    text = (
        file.read_text()
        .replace("objective: 99.9", "objetive: 99.9", 1)
        .replace("window: 28d", "window: 28d\n        bucket: 7m", 1)
    )
    file.write_text(text.replace("objective: 95", "objective: 0.95", 1))
    result = run("check", "--offline")
    lines = result.stderr.splitlines()
    assert result.exit_code == 1
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert lines == sorted(lines, key=lambda line: int(line.split(":")[1]))
    assert "The key “objetive” is not known here; did you mean “objective”?" in result.stderr
    assert "A bucket of “7m” does not divide an hour" in result.stderr
    assert "Warning: An objective of 0.95 means 0.95 percent" in result.stderr


def test_warnings_alone_are_no_failure(run: Run, config: Path) -> None:
    file = config / "apps" / "shop.yaml"
    file.write_text(file.read_text().replace("objective: 95", "objective: 0.95"))
    result = run("check", "--offline")
    assert result.exit_code == 0
    assert result.stderr.count("Warning: ") == 2
    assert "0 errors and 2 warnings" in result.stdout


def test_problems_are_told_in_japanese(run: Run, config: Path) -> None:
    file = config / "apps" / "shop.yaml"
    file.write_text(file.read_text().replace("objective: 99.9", "objetive: 99.9", 1))
    assert "キー「objetive」はここでは使えません; 「objective」ではありませんか" in run("--lang", "ja", "check").stderr


def test_offline_asks_no_source_and_opens_no_data_base(run: Run, config: Path) -> None:
    (config.parent / "data" / "mail.csv").unlink()
    assert run("check", "--offline").exit_code == 0
    assert not (config.parent / "ledger.db").exists()


def test_online_each_query_is_asked(run: Run, config: Path) -> None:
    (config.parent / "data" / "mail.csv").unlink()
    result = run("check")
    assert result.exit_code == 1
    assert re.search(r"shop\.yaml:\d+: The file “mail\.csv” does not exist; check its name and the job", result.stderr)


def test_a_secret_of_the_environment_is_never_shown(run: Run, config: Path) -> None:
    (config / "sources.yaml").write_text(
        "sources:\n"
        "  exports: {kind: files, path: ../data}\n"
        "  prom: {kind: prometheus, url: 'http://127.0.0.1:9', "
        "auth: {kind: bearer, token: '${TOKEN}', tokn: '${TOKEN}'}}\n"
    )
    result = run("check", TOKEN="s3cr3t-value")
    assert result.exit_code == 1
    assert "s3cr3t" not in result.output


def test_a_folder_that_does_not_exist_is_said(run: Run) -> None:
    result = run("--config", "nowhere", "check")
    assert result.exit_code == 1
    assert result.stderr.startswith("nowhere:1: There is no folder “nowhere”; create it")
    assert "“cli.py” is a file, and not a folder" in run("--config", "cli.py", "check").stderr


def found(code: str, line: int = 3, **facts: str) -> Problem:
    return Problem(Spot("apps/a.yaml", line), Severity.WARNING, code, facts)


def test_what_concerns_several_parts_of_a_query_is_one_line_and_names_them() -> None:
    both = once([found("gap", role="total"), found("gap", role="bad")])
    assert [dict(problem.facts) for problem in both] == [{"role": "total, bad"}]
    for by_file, by_source in (("window_not_used", "no_window"), ("rate_as_count", "only_a_rate")):
        told = [found(by_file, key="a"), *(found(by_source, role=role, query=f"x{role}") for role in "ab")]
        assert [str(problem.code) for problem in once(told)] == [by_file]


def test_what_differs_in_place_or_facts_stays_apart() -> None:
    apart = [
        found("bad_rows", file="a.csv"),
        found("bad_rows", file="b.csv"),
        found("bad_rows", 4, file="a.csv"),
        found("alert_unreachable", long="1h"),
        found("alert_unreachable", long="6h"),
    ]
    assert once(apart) == apart


def test_of_two_broken_files_both_are_named(run: Run, config: Path) -> None:
    for name in ("mail", "latency"):
        (config.parent / "data" / f"{name}.csv").write_text("time,total,bad\nx,1,0\n1700000000,1,0\n")
    for command in (("check",), ("status",)):
        result = run(*command)
        assert all(f"{name}.csv" in result.output for name in ("mail", "latency")), command
    for name in ("mail", "latency"):
        (config.parent / "data" / f"{name}.csv").write_bytes(b"PK\xff\xfe")
    for command in (("check",), ("status",), ("sync",)):
        result = run(*command)
        assert all(f"{name}.csv" in result.output for name in ("mail", "latency")), command


@pytest.mark.parametrize(
    ("command", "near"),
    [
        ("status --app shp", "shop"),
        ("snapshot --app shp --out o", "shop"),
        ("explain --app shp --slo mail", "shop"),
        ("explain --app shop --slo mial", "mail"),
        ("explain --app shop --slo mail --journey place-oder", "place-order/mail"),
        ("compare --app shp", "shop"),
        ("sync --again --from 2026-11-01T00:00Z --until 2026-11-02T00:00Z --app shp", "shop"),
        ("sync --again --from 2026-11-01T00:00Z --until 2026-11-02T00:00Z --slo latncy", "latency"),
        ("sync --again --from 2026-11-01T00:00Z --until 2026-11-02T00:00Z --source export", "exports"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_the_near_one(run: Run, command: str, near: str) -> None:
    result = run(*command.split())
    assert result.exit_code == 1
    assert f"did you mean “{near}”?" in result.stderr


def test_without_apps_each_line_ends_with_what_to_do(run: Run, config: Path) -> None:
    (config / "exclusions").mkdir()
    (config / "exclusions" / "shop.yaml").write_text("app: shop\nexclusions: [{id: a, reason: b, holidays: JP}]\n")
    (config / "apps" / "shop.yaml").unlink()
    lines = run("check").stderr.splitlines()
    assert len(lines) == 2
    assert all(LINE.fullmatch(line.replace("apps:1", "apps.yaml:1")) and line[-1] not in ":;" for line in lines), lines


@pytest.mark.parametrize(("access", "said"), [("roles: [\n", "not valid YAML"), (None, "nothing is there")])
def test_rules_of_access_that_cannot_be_read_do_not_hide_what_is_wrong_with_them(
    access: str | None, said: str, run: Run, config: Path
) -> None:
    if access is None:
        (config / "access.yaml").symlink_to("/nowhere/at-all")
    else:
        (config / "access.yaml").write_text(access)
    for words in (["check"], ["check", "--offline"]):
        result = run(*words)
        assert result.exit_code == 1
        assert said in result.stderr
        assert result.stdout == "Nothing else is told until the rules of access can be read.\n"

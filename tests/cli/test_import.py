"""App files from Google's own SLOs: chosen, whole, and never over what somebody wrote."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from data_sources.cloud_monitoring.config import NativeSlo
from tests.google_stand_in.server import Fault, StandIn, running
from tests.google_stand_in.shop import SERVICE, configured, name_of, native, project
from tomoni.catalog.load import load

Run = Callable[..., Result]
OTHER = "projects/demo/services/mail"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    world = project()
    world.services[OTHER] = "Order mails"
    mail = native("mail")
    object.__setattr__(mail, "name", f"{OTHER}/serviceLevelObjectives/sent")
    world.slos[mail.name] = mail
    with running(world) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, stand_in: StandIn) -> Path:
    """A configuration with a source and without apps."""
    config = configured(tmp_path / "google", stand_in)
    (config / "apps" / "shop.yaml").unlink()
    return config


def imported(run: Run, folder: Path, *more: str) -> Result:
    return run("--config", str(folder), "import", "gcp", "--project", "demo", *more)


def test_every_service_becomes_a_file_that_loads(run: Run, folder: Path) -> None:
    result = imported(run, folder)
    assert result.exit_code == 0
    assert f"Wrote “{folder}/apps/web-shop.yaml” with 3 SLOs.\n" in result.stdout
    assert f"Wrote “{folder}/apps/order-mails.yaml” with 1 SLO.\n" in result.stdout
    assert "“empty” has no SLOs." in result.stdout
    catalog = load(folder, {})
    assert catalog.problems == ()
    app = catalog.app("web-shop")
    assert app is not None
    slos = {slo.id: slo for slo in app.journeys[0].slos}
    assert slos["the-ratio"].sli == NativeSlo(slo=name_of("ratio"))
    assert (slos["the-ratio"].source, float(slos["the-ratio"].definition.objective.percent)) == ("gcp", 99.5)


def test_what_is_left_out_is_told_with_the_reason(run: Run, folder: Path) -> None:
    lines = imported(run, folder).stderr.splitlines()
    assert lines == [
        f"“{name_of('fortnightly')}” is left out: its period (fortnight) has no counterpart here.",
        f"“{name_of('odd')}” is left out: its period of 1 d 1 min is not a multiple of the bucket.",
        f"“{name_of('seconds')}” is left out: "
        "its windows of 1 min 30 s cannot be buckets: those are whole minutes that divide an hour.",
    ]


@pytest.mark.parametrize("name", ["shop", SERVICE, "Web Shop"])
def test_only_the_named_services_are_taken(run: Run, folder: Path, name: str) -> None:
    assert imported(run, folder, "--service", name).exit_code == 0
    assert [file.name for file in (folder / "apps").iterdir()] == ["web-shop.yaml"]


def test_a_service_that_does_not_exist_is_told_with_the_nearest(run: Run, folder: Path) -> None:
    result = imported(run, folder, "--service", "shopp")
    assert (result.exit_code, list((folder / "apps").iterdir())) == (1, [])
    assert result.stderr == "There is no service “shopp”; did you mean “shop”? Services: empty, mail, shop.\n"


def test_a_dry_run_shows_the_files_and_writes_none(run: Run, folder: Path) -> None:
    result = imported(run, folder, "--dry-run", "--service", "shop")
    assert "app: web-shop\n" in result.stdout
    assert list((folder / "apps").iterdir()) == []


def test_an_existing_file_is_left_as_it_is(run: Run, folder: Path) -> None:
    mine = folder / "apps" / "web-shop.yaml"
    mine.write_text("# mine\n")
    result = imported(run, folder)
    assert (result.exit_code, mine.read_text()) == (1, "# mine\n")
    assert f"“{mine}” already exists and was not changed; overwrite it with --force." in result.stderr
    assert (folder / "apps" / "order-mails.yaml").exists()
    assert imported(run, folder, "--force").exit_code == 0
    assert mine.read_text().startswith("# Written by: python cli.py import gcp")
    assert sorted(file.name for file in (folder / "apps").iterdir()) == ["order-mails.yaml", "web-shop.yaml"]


def test_an_app_of_another_file_is_not_written_twice(run: Run, folder: Path) -> None:
    imported(run, folder, "--service", "shop")
    (folder / "apps" / "web-shop.yaml").rename(folder / "apps" / "ours.yaml")
    result = imported(run, folder, "--service", "shop", "--force")
    assert result.exit_code == 1
    assert "the app “web-shop” is already in" in result.stderr
    assert [file.name for file in (folder / "apps").iterdir()] == ["ours.yaml"]


def test_files_go_where_they_are_wanted(run: Run, folder: Path, tmp_path: Path) -> None:
    assert imported(run, folder, "--out", str(tmp_path / "new" / "place")).exit_code == 0
    assert (tmp_path / "new" / "place" / "web-shop.yaml").exists()
    (tmp_path / "file").write_text("")
    refused = imported(run, folder, "--out", str(tmp_path / "file"))
    assert (refused.exit_code, "Traceback" in refused.stderr) == (1, False)


def test_a_person_at_a_terminal_chooses(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tomoni.commands import importing

    given: list[str] = []

    def prompt(question: str, default: str, value_proc: Callable[[str], list[int]]) -> list[int]:
        given.append(question)
        with pytest.raises(click.BadParameter):
            value_proc("4")
        assert value_proc(default) == [1, 2, 3]
        return value_proc("2, 2")

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr(importing, "sys", _Terminal)
    result = imported(run, folder)
    assert "   1  empty\n   2  Order mails (mail)\n   3  Web Shop (shop)\n" in result.stdout
    assert len(given) == 1
    assert [file.name for file in (folder / "apps").iterdir()] == ["order-mails.yaml"]


class _Stream:
    @staticmethod
    def isatty() -> bool:
        return True


class _Terminal:
    stdin = stdout = _Stream
    argv = sys.argv


@pytest.mark.parametrize(
    ("sources", "options", "told"),
    [
        ("{a: {kind: demo}}", ["--source", "a"], "The source “a” does not read the project “demo”"),
        ("{b: {kind: cloud_monitoring, project: other}}", ["--source", "b"], "does not read the project “demo”"),
        (
            "{a: {kind: cloud_monitoring, project: demo}, b: {kind: cloud_monitoring, project: demo}}",
            [],
            "name one with --source: a, b.",
        ),
        ("{a: {kind: cloud_monitoring}}", ["--source", "a"], "The key “project” is missing; add it"),
    ],
)
def test_a_source_that_does_not_fit_is_refused(
    run: Run, folder: Path, sources: str, options: list[str], told: str
) -> None:
    (folder / "sources.yaml").write_text(f"sources: {sources}\n")
    result = imported(run, folder, *options)
    assert result.exit_code == 1
    assert told in result.stderr


def test_without_a_source_the_default_credentials_are_tried(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "nothing"))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    (folder / "sources.yaml").write_text("sources: {gcp: {kind: demo}}\n")
    result = imported(run, folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("gcp-2: There are no Google credentials.")
    assert "gcloud auth application-default login" in result.stderr


def test_a_refusal_of_google_is_one_line(run: Run, folder: Path, stand_in: StandIn) -> None:
    stand_in.fail(Fault("PERMISSION_DENIED", "Permission denied."), method="ListServices")
    result = imported(run, folder)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "roles/monitoring.viewer" in result.stderr


def test_nothing_is_changed_at_google(run: Run, folder: Path, stand_in: StandIn) -> None:
    imported(run, folder)
    assert {method for method, _ in stand_in.seen} == {"ListServices", "ListServiceLevelObjectives"}

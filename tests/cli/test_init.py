"""`init`: a configuration of one's own in one step, whatever is known of it, and never over what is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.data_sources.fault_server import fault_server
from tests.google_stand_in.estate import estate
from tests.google_stand_in.server import running
from tomoni.catalog.load import load
from tomoni.commands.first_files import Start, files
from tomoni.words.text import text_for

PROJECT = ("--gcp", "my-project")
SERVER = ("--prometheus", "http://127.0.0.1:1")


@pytest.fixture(autouse=True)
def signed_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody is signed in at Google, and no machine of Google's is looked for."""
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "none"))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)


def written(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("source", [(), PROJECT, SERVER], ids=["template", "gcp", "prometheus"])
def test_the_files_have_no_errors_and_comments_in_the_chosen_language(
    run: Run, tmp_path: Path, language: str, source: tuple[str, ...]
) -> None:
    folder = tmp_path / "own"
    result = run("--lang", language, "init", str(folder), *source)
    assert result.exit_code == 0
    assert set(written(folder)) == {"sources.yaml", "settings.yaml", "apps/my-app.yaml"}
    catalog = load(folder, {})
    assert [str(problem.code) for problem in catalog.problems] == ["nothing_measured"]
    assert catalog.settings.languages[0] == language
    assert all(bool(re.search("[ぁ-ん]", text)) == (language == "ja") for text in written(folder).values())
    assert f"--config {folder} check" in result.stdout


def test_what_a_reader_uncomments_loads() -> None:
    for source in (None, "prometheus", "gcp", "exports"):
        text = files(Start("shop", source, {}, "UTC"), Path("own"), text_for("en"))["apps/shop.yaml"]
        examples = re.findall(r"(?:^      # [- ] ?.*\n)+", text, re.MULTILINE)
        assert examples
        assert all("sli:" in example for example in examples)


def test_each_example_is_an_slo_that_its_source_can_answer(tmp_path: Path) -> None:
    sources = (
        "  prometheus: {kind: prometheus, url: http://a}\n  gcp: {kind: cloud_monitoring, project: p}\n"
        "  exports: {kind: files, path: .}\n"
    )
    made = files(Start("shop", None, {}, "UTC"), tmp_path, text_for("en"))
    app = re.sub(r"^( *)# ?(?=- id|  )", r"\1", made["apps/shop.yaml"].replace("# infra", "infra"), flags=re.MULTILINE)
    for number in range(4):  # ids and titles differ within a journey: the examples are alternatives
        app = app.replace("- id: availability\n", f"- id: a-{number}\n", 1)
        app = app.replace(": Requests that succeed\n", f": Requests that succeed, {number}\n", 1)
    (tmp_path / "apps").mkdir()
    (tmp_path / "sources.yaml").write_text("sources:\n" + sources)
    (tmp_path / "apps" / "shop.yaml").write_text(re.sub(r"^# - id", "- id", app, flags=re.MULTILINE))
    catalog = load(tmp_path, {})
    assert catalog.problems == ()
    assert (len(catalog.apps[0].journeys[0].slos), len(catalog.apps[0].infra)) == (4, 1)


def test_the_first_file_with_counts_becomes_an_slo_that_is_checked_and_shown(run: Run, tmp_path: Path) -> None:
    folder, data = tmp_path / "own", tmp_path / "data"
    result = run("init", str(folder), "--files", str(data), "--app", "shop")
    assert result.exit_code == 0
    assert "counts: availability.csv" in written(folder)["apps/shop.yaml"]
    assert load(folder, {}).problems == ()
    checked = run("--config", str(folder), "check")
    assert (checked.exit_code, checked.stderr) == (0, "")


def test_every_file_with_counts_becomes_an_slo_with_its_history_told(run: Run, tmp_path: Path) -> None:
    folder, data = tmp_path / "own", tmp_path / "many"
    data.mkdir()
    counts = (tmp_path / "data" / "availability.csv").read_text()
    names = ("orders-availability.csv", "orders-latency.csv", "mail.csv", "search.csv", "Orders Availability.csv")
    for name in names:
        (data / name).write_text(counts)
    (data / "hosts.csv").write_text("time,cpu\n1790035200,0.5\n")
    (data / "long-ago.csv").write_text("time,total,bad\n1700000000,1,0\n")
    (data / "broken.csv").write_bytes(b"\xff\xfe\x00")
    result = run("init", str(folder), "--files", str(data), "--app", "shop")
    assert result.exit_code == 0
    assert "nothing was counted in the last days: Use long-ago." in result.stdout
    catalog = load(folder, {})
    assert catalog.problems == ()
    written_slos = [slo for journey in catalog.apps[0].journeys for slo in journey.slos]
    assert {slo.sli.model_dump()["counts"] for slo in written_slos} == set(names)
    assert "orders" in [journey.id for journey in catalog.apps[0].journeys]
    assert run("--config", str(folder), "check").exit_code == 0


def test_files_that_count_nothing_are_told_what_would_count(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "notes.csv").write_text("who,what\na,b\n")
    result = run("init", str(tmp_path / "own"), "--files", str(tmp_path / "none"))
    assert result.exit_code == 0
    assert "No file has a column time and columns that count, such as total and bad" in result.stdout


def test_a_relative_folder_of_files_is_found_from_the_configuration(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "deep/own", "--files", "data")
    assert "path: ../../data" in written(tmp_path / "deep" / "own")["sources.yaml"]
    assert run("--config", "deep/own", "check").exit_code == 0


@pytest.mark.parametrize("there", ["sources.yaml", "settings.yaml", "apps/my-app.yaml"])
def test_nothing_is_overwritten_and_nothing_is_half_written(run: Run, tmp_path: Path, there: str) -> None:
    folder = tmp_path / "own"
    (folder / there).parent.mkdir(parents=True)
    (folder / there).write_text("mine\n")
    result = run("init", str(folder), *SERVER)
    assert result.exit_code == 1
    assert str(folder / there) in result.stderr
    assert "Nothing is listening" not in result.stderr  # nobody is asked for what will not be written
    assert written(folder) == {there: "mine\n"}


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--app", "My_App"), "--app: “My_App” is not a valid id;"),
        (("--prometheus", "http://user:hush@127.0.0.1"), "--prometheus: The URL contains a user name"),
        (("--prometheus", "localhost:9090"), "--prometheus: This is not a URL"),
        (("--prometheus", "http://localhost:99999"), "--prometheus: The port in this URL is not possible"),
        (("--files", "/no/such/folder"), "There is no folder “/no/such/folder”"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_written(
    run: Run, tmp_path: Path, args: tuple[str, ...], reason: str
) -> None:
    result = run("init", str(tmp_path / "own"), *args)
    assert (result.exit_code, reason in result.stderr) == (1, True)
    assert "hush" not in result.output
    assert not (tmp_path / "own").exists()


def test_only_one_source_is_taken(run: Run, tmp_path: Path) -> None:
    result = run("init", str(tmp_path / "own"), *PROJECT, *SERVER)
    assert result.exit_code == 2


def test_a_folder_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("init", str(tmp_path / "file" / "own"))
    assert result.exit_code == 1
    assert str(tmp_path / "file" / "own") in result.stderr


def test_config_names_the_folder_too(run: Run, tmp_path: Path) -> None:
    assert run("--config", str(tmp_path / "own"), "init").exit_code == 0
    assert (tmp_path / "own" / "sources.yaml").exists()


def test_a_server_that_does_not_answer_is_reported_and_the_files_are_written(run: Run, tmp_path: Path) -> None:
    result = run("init", str(tmp_path / "own"), *SERVER)
    assert result.exit_code == 0
    assert "Nothing is listening" in result.stderr
    assert "url: http://127.0.0.1:1" in written(tmp_path / "own")["sources.yaml"]
    assert "init --source prometheus --app my-app-2" in result.stdout


def test_a_server_that_answers_nonsense_keeps_no_file_from_being_written(run: Run, tmp_path: Path) -> None:
    with fault_server() as server:
        result = run("init", str(tmp_path / "own"), "--prometheus", server.url)
    assert result.exit_code == 0
    assert (tmp_path / "own" / "apps" / "my-app.yaml").exists()


def configured(folder: Path, sources: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text(f"sources:\n{sources}")
    return folder


def test_a_source_that_is_configured_already_gets_its_first_app(run: Run, tmp_path: Path) -> None:
    folder = configured(tmp_path / "own", "  shop: {kind: demo}\n  exports: {kind: files, path: ../data}\n")
    for source, app in (("shop", "web"), ("exports", "orders")):
        result = run("--config", str(folder), "init", "--source", source, "--app", app)
        assert (result.exit_code, result.stderr) == (0, "")
        assert f"--config {folder} sync" in result.stdout
        assert ("Only the first 5 are tried" in result.stdout) == (source == "shop")
    assert set(written(folder)) == {"sources.yaml", "apps/web.yaml", "apps/orders.yaml"}
    assert load(folder, {}).problems == ()
    again = run("--config", str(folder), "init", "--source", "shop", "--app", "web")
    assert (again.exit_code, "Nothing is overwritten" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("nowhere", "There is no source “nowhere” that can be used; sources: “dead” and “empty”."),
        ("dead", "Nothing is listening"),
        ("empty", "Nothing was found that looks like requests, jobs or checks; nothing is written."),
    ],
)
def test_a_source_without_anything_to_propose_gets_no_app(run: Run, tmp_path: Path, source: str, reason: str) -> None:
    (tmp_path / "nothing").mkdir()
    folder = configured(
        tmp_path / "own",
        "  dead: {kind: prometheus, url: 'http://127.0.0.1:1'}\n  empty: {kind: files, path: ../nothing}\n",
    )
    result = run("--config", str(folder), "init", "--source", source)
    assert (result.exit_code, reason in result.stderr) == (1, True)
    assert set(written(folder)) == {"sources.yaml"}


def test_what_a_project_of_google_has_becomes_an_app_in_a_terminal(run: Run, tmp_path: Path) -> None:
    with running(estate()) as server:
        now = datetime.fromtimestamp(server.world.now, UTC).isoformat()
        keys = f"{{kind: cloud_monitoring, project: demo, api_endpoint: '{server.endpoint}', insecure: true}}"
        folder = configured(tmp_path / "own", f"  gcp: {keys}\n")
        result = run("--config", str(folder), "init", "--source", "gcp", "--app", "shop", TOMONI_NOW=now)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Over 2 d 99% were good. An objective of 99% would have spent 100% of its budget." in result.stdout
    app = load(folder, {}).apps[0]
    assert [len(journey.slos) for journey in app.journeys] == [3, 2, 1]
    assert [signal.id for signal in app.infra] == ["gke-cpu"]

"""What a catalog holds once it is read, and what reading it costs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data_sources.cloud_monitoring.config import CloudMonitoringConfig
from data_sources.files.config import FilesConfig
from data_sources.prometheus.config import Histogram, PrometheusConfig
from data_sources.queries import Counts, Expression, Ratio
from tomoni.catalog import yaml_file
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, Slo
from tomoni.slo.model import AlertRule, CalendarUnit, CalendarWindow, NoData, RollingWindow, Severity, TimeSlices

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENVIRON = {
    "PROMETHEUS_URL": "http://127.0.0.1:9090",
    "TENANT": "tenant-1",
    "USER_NAME": "reader",
    "PASSWORD": "hush-hush",
    "AT_ONCE": "8",
    "TOKEN": "hush-hush-token",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good files with the shipped example among them."""
    copied = shutil.copytree(HERE / "good", tmp_path / "config")
    shutil.copy(ROOT / "config" / "apps" / "_example.yaml", copied / "apps" / "example.yaml")
    return copied


@pytest.fixture
def catalog(folder: Path) -> Catalog:
    return load(folder, ENVIRON)


def slo_of(catalog: Catalog, path: str) -> Slo:
    app_id, journey_id, slo_id = path.split("/")
    app = catalog.app(app_id)
    assert app is not None
    return next(slo for j in app.journeys if j.id == journey_id for slo in j.slos if slo.id == slo_id)


def test_a_link_that_leads_nowhere_is_told_as_such(tmp_path: Path):
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "shop.yaml").symlink_to("../elsewhere/shop.yaml")
    assert [
        (problem.code, problem.facts.get("target"))
        for problem in load(tmp_path, {}).problems
        if "apps" in problem.spot.file
    ] == [("link_to_nothing", "../elsewhere/shop.yaml")]


def test_good_files_and_the_shipped_example_have_no_problems(catalog: Catalog):
    assert catalog.problems == ()
    assert [app.id for app in catalog.apps] == ["crlf", "example", "no"]


def test_the_shipped_configuration_has_no_problems():
    catalog = load(ROOT / "config", {})
    assert catalog.problems == ()
    assert "example" not in [app.id for app in catalog.apps]
    assert catalog.apps


def test_an_objective_is_the_decimal_that_was_written(catalog: Catalog):
    definition = slo_of(catalog, "example/place-order/edge-availability").definition
    assert definition.objective.percent == Decimal("99.95")
    assert definition.objective.allowance == Fraction(1, 2000)


def test_each_form_is_read_as_its_query(catalog: Catalog):
    assert slo_of(catalog, "example/place-order/availability").sli == Ratio(
        total='http_requests_total{app="shop"}', bad='http_requests_total{app="shop",code=~"5.."}'
    )
    assert slo_of(catalog, "example/place-order/latency").sli == Histogram(
        histogram='http_request_duration_seconds{app="shop"}', under=0.3
    )
    payments = slo_of(catalog, "example/place-order/payments").sli
    assert isinstance(payments, Ratio)
    assert isinstance(payments.total, Expression)


def test_windows_slices_and_alerts_become_the_definition(catalog: Catalog):
    steady = slo_of(catalog, "example/place-order/steady").definition
    assert steady.window == RollingWindow(7 * 86_400)
    assert steady.slices == TimeSlices(300, Decimal(95), NoData.IGNORE)
    assert steady.rules == (
        AlertRule(Severity.PAGE, 21_600, 1800, given_factor=6.0),
        AlertRule(Severity.TICKET, 86_400, 7200, Fraction(1, 10), min_events=50),
    )
    quarter = slo_of(catalog, "example/place-order/edge-availability").definition.window
    assert quarter == CalendarWindow(CalendarUnit.QUARTER, "Asia/Tokyo", 4)


def test_settings_are_part_of_every_definition(catalog: Catalog):
    definition = slo_of(catalog, "example/place-order/availability").definition
    assert definition.at_risk_below == catalog.settings.at_risk_below == 0.3
    assert definition.burn_windows_seconds == catalog.settings.burn_windows_seconds == (300, 3600, 86_400)
    assert definition.rules == catalog.settings.rules
    assert catalog.settings.rules[0].share == Fraction(1, 50)
    assert catalog.settings.languages == ("ja", "en")
    assert catalog.settings.history_days == 60


def test_a_native_slo_leaves_objective_and_window_to_its_source(catalog: Catalog):
    assert slo_of(catalog, "example/place-order/native").native_defaults == {"objective", "window"}
    assert slo_of(catalog, "example/place-order/availability").native_defaults == frozenset()


def test_texts_that_yaml_might_take_for_something_else_stay_texts(catalog: Catalog):
    app = catalog.app("no")
    assert app is not None
    assert app.title("ja") == "no"
    assert app.journeys[0].title("en") == "yes"
    assert app.journeys[0].id == "2026-11-23"
    first = app.journeys[0].slos[0]
    assert (first.id, first.title("en"), first.sli) == ("on", "1.10", Counts(counts="007"))
    assert app.infra[0].limit == -1500.0


def test_merged_keys_yield_to_those_before_them(catalog: Catalog):
    first = slo_of(catalog, "no/2026-11-23/on").definition
    assert (first.objective.percent, first.min_events) == (Decimal("99.9"), 10)
    assert first.window == RollingWindow(7 * 86_400)


def test_titles_fall_back_to_another_language_and_to_the_id(catalog: Catalog):
    example = catalog.app("example")
    assert example is not None
    assert (example.title("ja"), example.title("de")) == ("サンプルショップ", "Example shop")
    assert slo_of(catalog, "example/place-order/latency").title("ja") == "latency"


def test_a_review_begins_at_the_local_time_of_the_app(catalog: Catalog):
    example = catalog.app("example")
    assert example is not None
    assert example.review is not None
    assert example.review.every_days == 14
    assert example.review.starting == datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_variables_fill_in_values_of_every_type(catalog: Catalog, folder: Path):
    source = catalog.sources["prometheus"]
    assert isinstance(source, PrometheusConfig)
    assert str(source.url) == "http://127.0.0.1:9090/"
    assert {name: value.get_secret_value() for name, value in source.headers.items()} == {
        "X-Scope-OrgID": "tenant-1",
        "X-Plain": "007",
    }
    assert (source.max_parallel, source.verify_tls) == (8, False)
    assert "hush" not in repr(catalog)


def test_paths_begin_at_the_file_that_names_them(catalog: Catalog, folder: Path):
    files, tls = catalog.sources["exports"], catalog.sources["bearer"]
    assert isinstance(files, FilesConfig)
    assert files.path == folder.parent / "data"
    assert isinstance(tls, PrometheusConfig)
    assert tls.verify_tls == str(folder / "certificates.pem")


def test_a_number_where_a_text_is_wanted_is_the_text_that_was_written(catalog: Catalog):
    source = catalog.sources["gcp"]
    assert isinstance(source, CloudMonitoringConfig)
    assert source.project == "123456789012"


def test_every_element_can_be_found_in_its_file(catalog: Catalog, folder: Path):
    lines = (folder / "apps" / "example.yaml").read_text(encoding="utf-8").splitlines()
    spots = catalog.spots
    assert lines[spots["example"].line - 1].startswith("app: example")
    assert "id: latency" in lines[spots["example/place-order/latency"].line - 1]
    assert "histogram:" in lines[spots["example/place-order/latency/query"].line - 1]
    assert "id: cpu" in lines[spots["example/infra/cpu"].line - 1]
    assert spots["source:gcp"].file == str(folder / "sources.yaml")


def test_a_missing_folder_is_a_problem(tmp_path: Path):
    (problem,) = load(tmp_path / "nowhere", {}).problems
    assert problem.code == "folder_missing"


def test_a_folder_in_the_place_of_a_file_is_a_problem(folder: Path):
    (folder / "apps" / "odd.yaml").mkdir()
    (problem,) = load(folder, ENVIRON).problems
    assert (problem.code, problem.spot.file) == ("file_unreadable", str(folder / "apps" / "odd.yaml"))


def test_a_folder_that_may_not_be_read_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    (problem,) = load(folder, ENVIRON).problems
    assert (problem.code, problem.facts["reason"]) == ("file_unreadable", "Permission denied")


def test_a_text_that_is_too_long_is_a_problem(folder: Path):
    (folder / "apps" / "long.yaml").write_text(
        f"app: long\njourneys: [{{id: j, title: {'x' * 4001}}}]\n", encoding="utf-8"
    )
    problems = load(folder, ENVIRON).problems
    assert [problem.code for problem in problems] == ["nothing_measured", "too_long"]


def test_a_file_that_is_too_large_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(yaml_file, "MAX_BYTES", 100)
    assert {problem.code for problem in load(folder, ENVIRON).problems} >= {"file_too_large"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("2026-11-24T10:00", "0001-01-01T00:00+00:00", "out_of_years"),
        ("window: 28d # rolling", "window: " + "9" * 400 + "d", "length_out_of_range"),
        ("under: 300ms}", "under: " + "9" * 400 + "s}", "out_of_range"),
        ("limit: 0.8", "limit: " + "9" * 400, "not_a_number"),
        ("objective: 99.9 ", "objective: " + "9" * 5000 + " ", "not_a_number"),
    ],
)
def test_numbers_beyond_all_measure_are_problems(folder: Path, old: str, new: str, code: str):
    file = folder / "apps" / "example.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert code in [problem.code for problem in load(folder, ENVIRON).problems]


def test_no_fact_can_steer_a_terminal(folder: Path):
    (folder / "apps" / "example.yaml").write_text('"\\e[2Japp": x\napp: "\\e]0;x\\a"\n', encoding="utf-8")
    problems = load(folder, ENVIRON).problems
    assert {problem.code for problem in problems} >= {"unknown_key", "bad_id"}
    assert "\x1b" not in "".join(str(fact) for problem in problems for fact in problem.facts.values())


def test_without_settings_the_defaults_hold(folder: Path):
    (folder / "settings.yaml").write_text("# timezone: Asia/Tokyo\n", encoding="utf-8")
    commented = load(folder, ENVIRON)
    (folder / "settings.yaml").unlink()
    missing = load(folder, ENVIRON)
    assert commented.settings == missing.settings
    assert missing.settings.timezone == "UTC"


def test_loading_imports_no_client_library_and_no_data_frames():
    code = "import sys, tomoni.catalog.load, tomoni.catalog.inspect; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"pandas", "sqlalchemy", "requests", "google.cloud", "grpc", "streamlit", "plotly", "pyarrow"}
    assert not heavy & set(modules.stdout.split())


def test_250_slos_are_read_in_well_under_a_second(tmp_path: Path):
    (tmp_path / "apps").mkdir()
    (tmp_path / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n", encoding="utf-8")
    slo = "      - {{id: slo-{}, objective: 99.9, window: 28d, sli: {{source: demo, counts: x}}}}\n"
    for number in range(25):
        text = f"app: app-{number}\njourneys:\n  - id: j\n    slos:\n" + "".join(map(slo.format, range(10)))
        (tmp_path / "apps" / f"{number}.yaml").write_text(text, encoding="utf-8")
    taken = []
    for _ in range(3):  # what else runs in this process counts too
        start = time.process_time()
        catalog = load(tmp_path, {})
        taken.append(time.process_time() - start)
    assert sum(len(journey.slos) for app in catalog.apps for journey in app.journeys) == 250
    assert min(taken) < 0.5

"""Whatever is written is honoured, or refused by name at its line: nothing is dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog
from tomoni.catalog.unread_files import BESIDE_APPS
from tomoni.settings import ProcessSettings
from tomoni.words.problems import line
from tomoni.words.text import text_for

SOURCES = "sources:\n  demo: {kind: demo}\n"
SLO = "{id: s, objective: 99, window: 28d, sli: {source: demo, counts: a}}"
APP = f"app: shop\njourneys:\n  - id: buy\n    slos:\n      - {SLO}\n"


def loaded(folder: Path, app: str = APP, **files: str) -> Catalog:
    (folder / "apps").mkdir()
    for name in BESIDE_APPS:
        (folder / name).mkdir()
    for name, text in {"sources": SOURCES, "apps/shop": app, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(folder, {})


def found(catalog: Catalog) -> list[tuple[str, int, str]]:
    """The problems: file, line, code."""
    return [(Path(p.spot.file).name, p.spot.line, str(p.code)) for p in catalog.problems]


@pytest.mark.parametrize(
    ("written", "instead", "key"),
    [
        ("objective: 99,", "objective: 99,95,", "95"),
        ("objective: 99,", "objective: 99, objektive,", "objektive"),
        ("objective: 99,", "objective: 99, x-note,", "x-note"),
        ("window: 28d", "window: {calendar: month, first}", "first"),
        ("window: 28d", "window: 28d, slice: {length: 5m, target: 99,5}, method: timeslices", "5"),
        ("window: 28d", "window: 28d, alerts: [{severity: page, long: 1h, short: 5m, share: 0,02}]", "02"),
        ("counts: a", "counts: a,b", "b"),
        ("counts: a", "counts: a, god: ", "god"),
        ("counts: a", "counts: a, nothing: ~", "nothing"),
        ("app: shop\n", "app: shop\nreview: {every: 2 weeks, at: }\n", "at"),
        ("app: shop\n", "app: shop\nteams: {app: a, ops: }\n", "ops"),
        ("app: shop\n", "app: shop\nlinks: [{title: a, url: 'https://a', b}]\n", "b"),
        ("app: shop\n", "app: shop\nowner:\n", "owner"),
        ("  - id: buy\n", "  - id: buy\n    owner:\n", "owner"),
    ],
)
def test_an_unknown_key_without_a_value_is_refused_by_name(
    tmp_path: Path, written: str, instead: str, key: str
) -> None:
    app = APP.replace(written, instead)
    catalog = loaded(tmp_path, app)
    lines = [p for p in catalog.problems if p.code == "unknown_key"]
    assert [(p.facts["key"], p.spot.line) for p in lines] == [(key, _line_of(app, instead, key))]


def _line_of(app: str, instead: str, key: str) -> int:
    return app[: app.index(instead) + instead.rindex(key)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "text", "key", "line"),
    [
        ("settings", "timezone: UTC\ntimezones:\n", "timezones", 2),
        ("sources", "sources:\n  demo: {kind: demo, 9}\n", "9", 2),
        ("sources", "sources:\n  demo: {kind: demo}\nsource:\n", "source", 3),
        ("policies", "policies:\n  a:\n    levels: [{below: 50%, to}]\n", "to", 3),
        ("exclusions/shop", "app: shop\nexclusions:\n  - {id: a, reason: b, holidays: JP, until: }\n", "until", 3),
        ("agendas/shop", "app: shop\nsteps:\n  since: {minute: }\n", "minute", 3),
        ("agendas/shop", "app: shop\nsteps: {sinse: }\n", "sinse", 2),
        (
            "risks/shop",
            "app: shop\nrisks:\n  - {id: a, title: b, detect: 0, repair: 1h, every: 9d, on: }\n",
            "on",
            3,
        ),
        ("agendas/default", "hints: false\nhint:\n", "hint", 2),
    ],
)
def test_so_it_is_in_every_file(tmp_path: Path, file: str, text: str, key: str, line: int) -> None:
    catalog = loaded(tmp_path, **{file: text})
    assert [(p.facts["key"], p.spot.line) for p in catalog.problems if p.code == "unknown_key"] == [(key, line)]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"sources": SOURCES + "  empty:\n"}, ("sources.yaml", 3, "wrong_type")),
        ({"policies": "policies:\n  standard:\n"}, ("policies.yaml", 2, "wrong_type")),
        ({"app": APP.replace("shop\n", "shop\ntitle: {en: Order, please}\n")}, ("shop.yaml", 2, "bad_language")),
        (
            {"sources": "sources:\n  demo: {kind: demo}\n  p: {kind: prometheus, url: 'http://p', headers: {A: }}\n"},
            ("sources.yaml", 3, "wrong_type"),
        ),
    ],
)
def test_an_element_without_a_value_is_refused_at_its_line(
    tmp_path: Path, files: dict[str, str], problem: tuple[str, int, str]
) -> None:
    assert problem in found(loaded(tmp_path, **files))


@pytest.mark.parametrize(
    "more",
    ["title:\n", "title: {en: Shop, ja: }\n", "teams:\n", "teams: {app: , infra: b}\n", "infra:\n", "review: ~\n"],
)
def test_a_known_key_without_a_value_counts_as_not_written(tmp_path: Path, more: str) -> None:
    assert found(loaded(tmp_path, APP + more)) == []


@pytest.mark.parametrize(("app", "line"), [(f"{APP}---\n{APP}", 6), (f"---\n{APP}...\n---\n", 8)])
def test_a_second_document_is_named_as_such(tmp_path: Path, app: str, line: int) -> None:
    assert ("shop.yaml", line, "yaml_second_document") in found(loaded(tmp_path, app))


def test_one_document_may_be_marked_as_one(tmp_path: Path) -> None:
    assert found(loaded(tmp_path, f"---\n{APP}...\n")) == []


def test_of_several_windows_the_hint_is_to_write_one(tmp_path: Path) -> None:
    (problem,) = loaded(tmp_path, APP.replace("28d", "[28d, 7d]")).problems
    assert (problem.code, problem.facts) == ("wrong_type", {"expected": "window", "found": "list"})


@pytest.mark.parametrize(
    ("file", "meant"),
    [
        ("setting.yaml", "settings.yaml"),
        ("source.yml", "sources.yaml"),
        ("sources.yml", "sources.yaml"),  # beside sources.yaml, which is read
        ("app/second.yaml", "apps/second.yaml"),
        ("apps/team/second.yaml", "apps/second.yaml"),
        ("exclusion/shop.yaml", "exclusions/shop.yaml"),
        ("agenda/shop.yaml", "agendas/shop.yaml"),
        ("risk/shop.yaml", "risks/shop.yaml"),
        ("risks/shop.csv", "risks/shop.yaml"),
        ("agendas/shop.json", "agendas/shop.yaml"),
        ("apps/second.yml.bak", "apps/second.yaml"),
        ("apps/second.json", "apps/second.yaml"),
        ("apps/second.YAML", "apps/second.yaml"),
        ("apps/second.yaml.txt", "apps/second.yaml"),
        ("apps/second", "apps/second.yaml"),
        ("apps/team/eu/second.yaml", "apps/second.yaml"),
        ("exclusions/shop.toml", "exclusions/shop.yaml"),
        ("settings.json", "settings.yaml"),
        ("settings.yaml.disabled", "settings.yaml"),
        ("Policies.yaml", "policies.yaml"),
    ],
)
def test_a_file_that_is_not_read_is_named(tmp_path: Path, file: str, meant: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "apps").mkdir(exist_ok=True)
    (tmp_path / file).write_text("timezone: UTC\n")
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "apps" / "shop.yaml").write_text(APP)
    (problem,) = load(tmp_path, {}).problems
    assert (problem.code, problem.facts["file"], problem.facts["nearest"]) == ("file_not_read", file, meant)


@pytest.mark.parametrize(
    ("file", "text", "meant"),
    [
        ("second.yaml", "app: second\njourneys: []\n", "apps/second.yaml"),
        ("second.json", '{"app": "second", "infra": []}', "apps/second.yaml"),
        ("eu/second.yaml", "app: second\ninfra: []\n", "apps/second.yaml"),
        ("holidays.yaml", "app: shop\nexclusions: []\n", "exclusions/holidays.yaml"),
        ("register.yaml", "app: shop\nrisks: []\n", "risks/register.yaml"),
        ("weekly.yaml", "app: shop\nsteps: {}\n", "agendas/weekly.yaml"),
        ("connections.yaml", "sources:\n  a: {kind: demo}\n", "sources.yaml"),
    ],
)
def test_a_file_in_a_wrong_place_is_known_by_its_keys(tmp_path: Path, file: str, text: str, meant: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    (problem,) = loaded(tmp_path).problems
    assert (problem.code, problem.facts["file"], problem.facts["nearest"]) == ("file_not_read", file, meant)


@pytest.mark.parametrize(
    "file",
    [
        "docker-compose.yaml",
        "_settings.yaml",
        "apps/_example.yaml",
        "apps/.hidden.yaml",
        "apps/shop.yaml~",
        "apps/.shop.yaml.swp",
        "apps/#shop.yaml#",
        "apps/README.md",
        "notes.txt",
    ],
)
def test_a_file_that_is_of_something_else_is_not(tmp_path: Path, file: str) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / file).write_text("timezone: UTC\n")
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "apps" / "shop.yaml").write_text(APP)
    assert load(tmp_path, {}).problems == ()


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("TOMONI_DATABSE_URL", "TOMONI_DATABASE_URL"),
        ("TOMONI_CONFIG_DIR", "TOMONI_CONFIG"),
        ("TOMONI_REFRESH_SECOND", "TOMONI_REFRESH_SECONDS"),
        ("TOMINI_CONFIG", "TOMONI_CONFIG"),
        ("tomoni_databaseurl", "TOMONI_DATABASE_URL"),
        ("TOMONI_XYZ", ""),
    ],
)
def test_a_variable_that_sets_nothing_is_named_with_the_near_one(tmp_path: Path, variable: str, near: str) -> None:
    loaded(tmp_path)
    (problem,) = load(tmp_path, {variable: "hush"}, ProcessSettings.variables()).problems
    assert (problem.code, problem.facts["name"], problem.facts["nearest"]) == ("unknown_variable", variable, near)
    assert "hush" not in repr(problem)


@pytest.mark.parametrize(
    "variable",
    [
        "TOMONI_CONFIG",
        "tomoni_now",
        "TOMONI_DEBUG",
        "TOMONI_PORT_8501_TCP_ADDR",
        "TOMONI_SERVICE_HOST",
        "TOMONI_TOKEN",
        "HOME",
    ],
)
def test_a_variable_of_something_else_is_not(tmp_path: Path, variable: str) -> None:
    used = SOURCES + "  p: {kind: prometheus, url: 'http://p', auth: {kind: bearer, token: '${TOMONI_TOKEN}'}}\n"
    loaded(tmp_path, sources=used)
    assert load(tmp_path, {"TOMONI_TOKEN": "a", variable: "a"}, ProcessSettings.variables()).problems == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("99,5%", "99.5"),
        ("1,000", "1000 / 1.000"),
        ("1 000", "1000"),
        ("1_000_000", "1000000"),
        ("1,000,000", "1000000"),
        ("９９，５", "99.5"),
        ("99.5 percent", ""),
    ],
)
def test_a_number_in_another_notation_is_refused_with_the_one_that_was_meant(
    tmp_path: Path, written: str, meant: str
) -> None:
    (problem,) = loaded(tmp_path, APP.replace("objective: 99", f"objective: '{written}'")).problems
    assert (problem.code, problem.facts["meant"]) == ("not_a_number", meant)


def test_a_percentage_where_a_share_is_written_is_that_share(tmp_path: Path) -> None:
    (problem,) = loaded(tmp_path, settings="at_risk_below: 25%\n").problems
    assert (problem.code, problem.facts["meant"]) == ("not_a_number", "0.25")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_comma_is_named_as_the_cause(tmp_path: Path, language: str) -> None:
    (problem,) = loaded(tmp_path, APP.replace("objective: 99", "objective: 99,95")).problems
    assert {"en": "A comma ends the value before it: 95", "ja": "カンマで値が区切られ"}[language] in line(
        problem, text_for(language)
    )


def test_what_is_in_a_journey_that_is_left_out_is_named_too(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, APP + "  - id: buy\n    slos:\n      - 1\n      - {id: b, obective: 9}\n")
    assert {(file, line) for file, line, _ in found(catalog)} >= {("shop.yaml", 6), ("shop.yaml", 8), ("shop.yaml", 9)}

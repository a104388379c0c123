"""A broken file never makes what it defined vanish: the last good definition stays in force, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from data_sources.prometheus.config import BearerAuth, PrometheusConfig
from tests.review.shop import SOURCES
from tomoni.catalog.concerning import problems_of
from tomoni.catalog.for_reviews import Agenda
from tomoni.catalog.load import LoadedFiles, load_files
from tomoni.catalog.schema import Slo

SLO = "{id: %s, objective: %s, window: 28d, sli: {source: exports, counts: a.csv}}"
APP = f"""app: shop
timezone: Asia/Tokyo
journeys:
  - id: buy
    slos:
      - {SLO % ("fast", "99")}
      - {SLO % ("up", "99.9")}
infra:
  - {{id: cpu, source: exports, query: {{file: a.csv, value: cpu}}}}
"""


class Folder:
    """A folder of configuration files, loaded again and again as after restarts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.good: LoadedFiles | None = None
        (path / "apps").mkdir()
        (path / "exclusions").mkdir()
        (path / "sources.yaml").write_text(SOURCES)
        self.write("apps/shop", APP)

    def write(self, name: str, text: str | bytes) -> LoadedFiles:
        (self.path / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.load()

    def load(self, environ: Mapping[str, str] | None = None) -> LoadedFiles:
        self.good = load_files(self.path, environ or {}, self.good.good if self.good else {})
        return self.good

    def slos(self) -> dict[str, Slo]:
        assert self.good
        return {
            f"{app.id}/{journey.id}/{slo.id}": slo
            for app in self.good.catalog.apps
            for journey in app.journeys
            for slo in journey.slos
        }

    def held(self) -> dict[str, int]:
        assert self.good
        return {path: spot.line for path, spot in self.good.catalog.held.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


BROKEN: dict[str, str | bytes] = {
    "a bracket is not closed": APP.replace("99.9, window", "99.9, [window"),
    "a tab": APP.replace("    slos", "\tslos"),
    "half of it was written": APP[:60],
    "emptied": "",
    "only a comment": "# gone\n",
    "not text": b"\xff\xfe\x00",
    "a list": "- a\n",
    "the journeys are misspelt": APP.replace("journeys:", "journys:"),
    "the SLOs are misspelt": APP.replace("slos:", "slo:"),
    "the journeys are no list": APP.replace("journeys:\n", "journeys: none\nx:\n"),
    "the app has no id": APP.replace("app: shop\n", ""),
    "the app's id is none": APP.replace("app: shop", "app: Shop!"),
    "the time zone is misspelt": APP.replace("Tokyo", "Tokio"),
    "a second document": APP + "---\napp: other\n",
    "the journey has no id": APP.replace("  - id: buy\n    slos", "  - slos"),
    "an objective is no number": APP.replace("99.9,", "99;9,"),
    "an objective has a comma": APP.replace("99.9,", "99,9,"),
    "an id is misspelt": APP.replace("id: up", "id: U p"),
    "an id is missing": APP.replace("{id: up, ", "{"),
    "an SLO is written twice": APP.replace("id: fast", "id: up"),
    "a source is misspelt": APP.replace("source: exports, counts", "source: export, counts"),
    "a form is misspelt": APP.replace("counts:", "count:"),
    "a signal is broken": APP.replace("value: cpu", "valeu: cpu"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_vanishes_while_a_file_is_broken(folder: Folder, name: str) -> None:
    before = folder.load().catalog
    slos, signals = folder.slos(), before.apps[0].infra
    for _ in range(2):  # it survives the next start
        catalog = folder.write("apps/shop", BROKEN[name]).catalog
        assert folder.slos() == slos
        assert (catalog.apps[0].infra, catalog.apps[0].timezone) == (signals, "Asia/Tokyo")
        assert any(Path(problem.spot.file).name == "shop.yaml" for problem in catalog.errors)
        if name != "a signal is broken":
            assert folder.held()
    assert folder.write("apps/shop", APP).catalog.held == {}


def test_a_mistake_in_one_slo_holds_back_that_one_alone(folder: Folder) -> None:
    folder.load()
    folder.write("apps/shop", APP.replace("99,", "98,").replace("99.9,", "99;9,"))
    assert {path: float(slo.definition.objective.percent) for path, slo in folder.slos().items()} == {
        "shop/buy/fast": 98,
        "shop/buy/up": 99.9,
    }
    assert folder.held() == {"shop/buy/up": 7}


def test_the_last_good_definition_is_that_of_each_slo_not_of_the_file(folder: Folder) -> None:
    folder.load()
    folder.write("apps/shop", APP.replace("99,", "98,").replace("99.9,", "99;9,"))
    folder.write("apps/shop", APP.replace("99,", "98;,").replace("99.9,", "99;9,"))
    assert [float(slo.definition.objective.percent) for slo in folder.slos().values()] == [98, 99.9]


def test_what_is_deleted_is_gone_also_while_something_else_is_broken(folder: Folder) -> None:
    folder.load()
    one_less = APP.replace(f"      - {SLO % ('fast', '99')}\n", "")
    folder.write("apps/shop", one_less.replace("99.9,", "99;9,"))
    assert list(folder.slos()) == ["shop/buy/up"]
    (folder.path / "apps" / "shop.yaml").unlink()
    assert folder.load().catalog.apps == ()
    assert "apps/shop.yaml" not in folder.load().good


def test_an_app_that_moved_to_another_file_is_no_duplicate(folder: Folder) -> None:
    folder.load()
    (folder.path / "apps" / "shop.yaml").write_text("app: [")
    catalog = folder.write("apps/moved", APP.replace("99.9", "99.5")).catalog
    assert [Path(app.file).name for app in catalog.apps] == ["moved.yaml"]
    assert {str(problem.code) for problem in catalog.errors} == {"yaml_syntax"}


@pytest.mark.parametrize(
    "text", ["", "sources: [\n", "sources:\n", "source: {}\n", "sources:\n  other: {kind: demo}\n"]
)
def test_slos_stay_when_the_sources_are_broken_or_gone(folder: Folder, text: str) -> None:
    folder.load()
    slos = folder.slos()
    for _ in range(2):
        folder.write("sources", text)
        assert folder.slos() == slos
    assert folder.write("sources", SOURCES).catalog.problems == ()


def test_settings_policies_and_exclusions_stay_as_they_last_were(folder: Folder) -> None:
    one = "app: shop\nexclusions: [{id: a, reason: r, start: 2026-11-01T10:00, end: 2026-11-01T11:00}]\n"
    folder.write("settings", "at_risk_below: 0.5\n")
    before = folder.write("exclusions/shop", one).catalog
    assert before.problems == ()
    for broken in ("", "at_risk_below: [", "at_risk_below: 5\n"):
        folder.write("settings", broken)
        after = folder.write("exclusions/shop", one.replace("end:", "ende:") if broken else "").catalog
        assert (after.settings, after.apps) == (before.settings, before.apps)
        assert {Path(problem.spot.file).name for problem in after.errors} == {"settings.yaml", "shop.yaml"}


def test_an_agenda_stays_as_it_last_was_and_holds_no_slo_back(folder: Folder) -> None:
    (folder.path / "agendas").mkdir()
    before = folder.write("agendas/shop", "app: shop\nsteps: {since: {minutes: 7}}\n").catalog
    for broken in ("", "app: shop\nsteps: {since: {minutes: none}}\n", "app: shop\nsteps: [\n", "app: shpo\n"):
        after = folder.write("agendas/shop", broken).catalog
        assert [app.agenda for app in after.apps] == [app.agenda for app in before.apps]
        assert after.errors
        assert after.held == {}
    (folder.path / "agendas" / "shop.yaml").unlink()
    assert folder.load().catalog.apps[0].agenda == Agenda()


def test_risks_stay_as_they_last_were_and_hold_no_slo_back(folder: Folder) -> None:
    (folder.path / "risks").mkdir()
    good = "app: shop\nrisks: [{id: a, title: b, detect: 5m, repair: 1h, every: 9d}]\n"
    before = folder.write("risks/shop", good).catalog
    assert len(before.apps[0].risks) == 1
    for broken in ("", good.replace("5m", "5"), "app: shop\nrisks: [\n", "app: shpo\n"):
        after = folder.write("risks/shop", broken).catalog
        assert (after.apps[0].risks, after.held) == (before.apps[0].risks, {})
        assert after.errors


def test_an_app_may_be_called_as_a_file_is(folder: Folder) -> None:
    """Only the settings of the folder itself hold for all apps, not the exclusions of an app called so."""
    folder.write("apps/settings", APP.replace("app: shop", "app: settings"))
    one = "app: settings\nexclusions: [{id: a, reason: r, holidays: JP}]\n"
    folder.write("exclusions/settings", one)
    held = folder.write("exclusions/settings", one + "broken: [\n").catalog.held
    assert {path.split("/")[0] for path in held} == {"settings"}


def test_no_text_of_the_sources_is_kept(folder: Folder) -> None:
    found = folder.write(
        "sources", SOURCES + "  p: {kind: prometheus, url: 'http://a', auth: {kind: bearer, token: s3}}\n"
    )
    assert "s3" not in repr(found.good["sources.yaml"])


SECURED = """sources:
  exports: {kind: files, path: "."}
  p: {kind: prometheus, url: "http://a:1", timeout_seconds: 7, headers: {A: "${ID}"}, auth: {kind: bearer, token: %s}}
"""
BROKEN_SOURCES = {
    "not YAML": "sources: [\n",
    "emptied": "",
    "an unknown key": (SECURED % "${TOKEN}").replace("timeout_seconds", "timeout_second"),
    "no kind": (SECURED % "${TOKEN}").replace("kind: prometheus, ", ""),
    "an unknown kind": (SECURED % "${TOKEN}").replace("kind: prometheus", "kind: prometeus"),
    "no mapping": "sources:\n  exports: {kind: files, path: .}\n  p: http://a:1\n",
}


@pytest.mark.parametrize("name", BROKEN_SOURCES)
def test_a_broken_source_is_asked_as_it_last_was_with_its_secrets_from_the_environment(
    folder: Folder, name: str
) -> None:
    folder.write("sources", SECURED % "${TOKEN}")
    first = folder.load({"TOKEN": "s3", "ID": "42"})
    assert "s3" not in repr(first.good)
    (folder.path / "sources.yaml").write_text(BROKEN_SOURCES[name])
    for _ in range(2):
        catalog = folder.load({"TOKEN": "s4", "ID": "42"}).catalog
        source = catalog.sources["p"]
        assert isinstance(source, PrometheusConfig)
        assert isinstance(source.auth, BearerAuth)
        assert (source.timeout_seconds, source.auth.token.get_secret_value()) == (7, "s4")
        assert "p" not in catalog.unusable_sources
        held = [problem for problem in catalog.problems if problem.code == "last_good_in_force"]
        assert "p" in {problem.facts["name"] for problem in held}
        assert all(problem.spot.line for problem in held)


@pytest.mark.parametrize("token", ["s3", '"s3${TOKEN}"', "${TOKEN}s3"])
def test_a_source_with_a_secret_in_the_file_is_known_only_while_the_program_runs(folder: Folder, token: str) -> None:
    folder.write("sources", SECURED % token)
    environ = {"TOKEN": "s4", "ID": "42"}
    before = folder.load(environ)
    assert "s3" not in repr(before.good)
    (folder.path / "sources.yaml").write_text("sources: [\n")
    running = load_files(folder.path, environ, before.good, before=before.catalog.sources).catalog
    assert running.sources == before.catalog.sources
    restarted = load_files(folder.path, environ, before.good).catalog
    assert set(restarted.sources) == {"exports"}
    assert restarted.unusable_sources == {"p"}


def test_a_source_that_is_deleted_is_gone(folder: Folder) -> None:
    folder.write("sources", SOURCES + "  other: {kind: demo}\n")
    assert set(folder.write("sources", SOURCES).catalog.sources) == {"exports"}


def test_a_source_whose_variable_is_gone_is_not_asked(folder: Folder) -> None:
    folder.write("sources", SECURED % "${TOKEN}")
    folder.load({"TOKEN": "s3", "ID": "42"})
    assert folder.load({"ID": "42"}).catalog.unusable_sources == {"p"}


@pytest.mark.parametrize("file", ["settings", "policies", "exclusions/shop", "sources"])
def test_every_slo_that_depends_on_a_broken_file_says_so(folder: Folder, file: str) -> None:
    texts = {
        "settings": "at_risk_below: 0.5\n",
        "policies": "default: a\npolicies: {a: {levels: [{below: 50%}]}}\n",
        "exclusions/shop": "app: shop\nexclusions: [{id: a, reason: r, holidays: JP}]\n",
        "sources": SOURCES,
    }
    for name, text in texts.items():
        folder.write(name, text)
    assert folder.load().catalog.problems == ()
    catalog = folder.write(file, texts[file] + "broken: [\n").catalog
    assert {path: Path(spot.file).stem for path, spot in catalog.held.items()} == {
        "shop/buy/fast": Path(file).stem,
        "shop/buy/up": Path(file).stem,
    }
    assert any(problem.code == "last_good_in_force" for problem in catalog.problems)
    assert folder.write(file, texts[file]).catalog.held == {}


@pytest.mark.parametrize(
    ("changed", "concerned"),
    [
        (("99.9,", "99;9,"), {"up"}),
        (("objective: 99,", "objective: 0.99,"), {"fast"}),
        (("id: buy", "id: buy\n    titel: Buy"), {"fast", "up"}),
        (("journeys:", "journeys: ["), {"fast", "up"}),
        (("value: cpu", "valeu: cpu"), set()),
        (("app: shop", "app: shop\ntitel: Shop"), set()),
    ],
)
def test_what_is_wrong_is_found_for_the_slos_that_it_concerns(
    folder: Folder, changed: tuple[str, str], concerned: set[str]
) -> None:
    folder.load()
    catalog = folder.write("apps/shop", APP.replace(*changed)).catalog
    assert any(Path(problem.spot.file).name == "shop.yaml" for problem in catalog.problems)
    (app,) = catalog.apps
    found = {slo.id for slo in app.journeys[0].slos if problems_of(catalog, app, "buy", slo)}
    assert found == concerned


def test_what_is_wrong_with_a_source_is_found_for_its_slos(folder: Folder) -> None:
    folder.load()
    broken = "sources:\n  exports: {kind: files, pfad: .}\n  demo: {kind: demo, 9: 1}\n"
    catalog = folder.write("sources", broken).catalog
    (app,) = catalog.apps
    for slo in app.journeys[0].slos:
        found = problems_of(catalog, app, "buy", slo)
        assert {problem.element for problem in found} == {"source:exports"}


@pytest.mark.parametrize(
    ("once", "twice"),
    [
        ("title: A\ntimezone", "title: A\ntimezone"),  # of the app beside it
        ("  - id: buy\n", "  - {id: pay, title: buy, slos: []}\n  - id: buy\n"),
        ("  - {id: cpu,", "  - {id: b, title: cpu, source: exports, query: {file: a.csv, value: b}}\n  - {id: cpu,"),
        ("      - {id: fast,", "      - {id: f, title: fast, objective: 9, window: 1d, sli: {source: exports, "
         "counts: b.csv}}\n      - {id: fast,"),
    ],
    ids=["apps", "journeys", "signals", "slos"],
)  # fmt: skip
def test_a_broken_file_in_which_titles_are_the_same_stays_in_force(tmp_path: Path, once: str, twice: str) -> None:
    folder = Folder(tmp_path)
    named = APP.replace("timezone", "title: A\ntimezone").replace(once, twice)
    folder.write("apps/other", named.replace("app: shop", "app: another"))
    folder.write("apps/shop", named)
    before = folder.slos()
    assert "same_title" in {problem.code for problem in folder.load().catalog.problems}
    folder.write("apps/shop", named + "x: [")
    assert folder.slos() == before


def test_that_a_hidden_app_has_the_title_is_told_of_the_hidden_one_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "access.yaml").write_text("hidden: [a]\n")
    folder.write("apps/shop", APP.replace("timezone", "title: Pay\ntimezone"))
    found = folder.write("apps/a", APP.replace("app: shop", "app: a").replace("timezone", "title: Pay\ntimezone"))
    same = [problem for problem in found.catalog.problems if problem.code == "same_title"]
    assert [(problem.facts["id"], Path(problem.spot.file).name) for problem in same] == [("a", "a.yaml")]
    assert [app.title("en") for app in found.catalog.apps] == ["Pay", "Pay"]


def test_of_an_app_that_is_gone_nothing_is_said_to_stay_in_force(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name in ("agendas", "risks"):
        (tmp_path / name).mkdir()
    folder.write("apps/mail", APP.replace("shop", "mail"))
    folder.write("agendas/shop", "app: shop\nlanguage: ja\n")
    folder.write("risks/shop", "app: shop\nrisks: [{id: a, title: b, detect: 5m, repair: 1h, every: 9d}]\n")
    exclusion = "{id: a, reason: b, start: 2026-01-01T00:00, end: 2026-01-02T00:00}"
    loaded = folder.write("exclusions/shop", f"app: shop\nexclusions: [{exclusion}]\n")
    assert loaded.catalog.problems == ()
    typed_wrong = folder.write("agendas/shop", "app: shp\nlanguage: ja\n").catalog.problems
    assert [each.code for each in typed_wrong] == ["unknown_app", "last_good_in_force"]
    (tmp_path / "apps" / "shop.yaml").unlink()
    told = folder.load().catalog.problems
    assert [(Path(each.spot.file).parent.name, each.code) for each in told] == [
        ("agendas", "unknown_app"),
        ("exclusions", "unknown_app"),
        ("risks", "unknown_app"),
    ]

"""What is named like a file or a folder of the configuration and is none: never taken for something left out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.tables import table
from tomoni.catalog.load import LoadedFiles, load, load_files
from tomoni.catalog.unread_files import BESIDE_APPS, FOLDERS
from tomoni.catalog.who_may import NOBODY
from tomoni.words.problems import line
from tomoni.words.text import text_for

APP = """\
app: shop
journeys:
  - id: buy
    slos: [{id: works, objective: 99, window: 28d, sli: {source: demo, counts: shop}}]
"""
BESIDE = {
    "exclusions": "app: shop\nexclusions: [{id: a, reason: A move, start: 2026-11-01T00:00, end: 2026-11-01T06:00}]\n",
    "agendas": "app: shop\nsteps: {burned: {minutes: 12}}\n",
    "risks": "app: shop\nrisks: [{id: disk, title: A full disk, detect: 5m, repair: 1h, users: 100%, every: 90d}]\n",
}
OTHERS = ("settings", "policies", "access", "notifications")


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Path]:
    return lambda: a_folder(Path(mkdtemp(dir=tmp_path)))


def a_folder(folder: Path) -> Path:
    """A configuration without problems; rows of a table share fixtures, and each needs its own."""
    for name, text in {"apps": APP, **BESIDE}.items():
        (folder / name).mkdir()
        (folder / name / "shop.yaml").write_text(text)
    (folder / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n")
    return folder


def replaced(path: Path, by: Callable[[Path], object]) -> None:
    """Something else under the name of a file or a folder."""
    if path.exists():
        path.rename(path.with_name(f"_{path.name}"))
    by(path)


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("/nowhere/at-all")


def a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def a_file(path: Path) -> None:
    path.write_text("app: shop\n")


def defined(loaded: LoadedFiles) -> list[object]:
    """The apps, with what is no part of their equality."""
    return [(app, app.agenda, app.risks) for app in loaded.catalog.apps]


def told_of(loaded: LoadedFiles, path: Path, language: str = "en") -> list[str]:
    return [line(each, text_for(language)) for each in loaded.catalog.problems if each.spot.file == str(path)]


@table("name", OTHERS)
def test_a_file_that_may_be_left_out_and_is_a_link_to_nothing_is_told_as_such(name: str, fresh: Callable[[], Path]):
    folder = fresh()
    path = folder / f"{name}.yaml"
    replaced(path, a_link_to_nothing)
    (told,) = told_of(load_files(folder, {}, {}), path)
    assert told.endswith(
        "The file is a link to /nowhere/at-all, and nothing is there; link to a file that exists, or remove the link"
    )


def test_rules_of_access_that_cannot_be_read_open_nothing(fresh: Callable[[], Path]):
    folder = fresh()
    replaced(folder / "access.yaml", a_link_to_nothing)
    assert load_files(folder, {}, {}).access == NOBODY


@table("name", FOLDERS)
@table(
    ("by", "language", "said"),
    [
        (a_link_to_nothing, "en", "The folder is a link to /nowhere/at-all, and nothing is there; link to a folder"),
        (a_link_to_nothing, "ja", "フォルダーは /nowhere/at-all へのリンクですが、リンク先がありません"),
        (a_circle, "en", "The folder cannot be read: Too many levels of symbolic links"),
        (a_circle, "ja", "フォルダーを読み取れません: シンボリックリンクの段数が多すぎるか、循環しています"),
        (a_file, "en", "is a file, and not a folder; make a folder of this name, with the file in it"),
        (a_file, "ja", "同じ名前のフォルダーを作り、その中にファイルを置いてください"),
    ],
)
def test_a_folder_that_is_none_is_told_as_such(
    name: str, by: Callable[[Path], object], language: str, said: str, fresh: Callable[[], Path]
):
    folder = fresh()
    replaced(folder / name, by)
    (told,) = told_of(load_files(folder, {}, {}), folder / name, language)
    assert said in told


@table("name", FOLDERS)
def test_what_a_folder_held_stays_in_force_while_nothing_can_be_read_of_it(name: str, fresh: Callable[[], Path]):
    folder = fresh()
    before = load_files(folder, {}, {})
    assert before.catalog.problems == ()
    replaced(folder / name, a_link_to_nothing)
    during = load_files(folder, {}, before.good)
    assert defined(during) == defined(before)
    assert defined(load_files(folder, {}, during.good)) == defined(before)


@table("name", BESIDE_APPS)
def test_what_is_taken_away_is_gone(name: str, fresh: Callable[[], Path]):
    folder = fresh()
    before = load_files(folder, {}, {})
    (folder / name).rename(folder / f"_{name}")
    after = load_files(folder, {}, before.good)
    assert after.catalog.problems == ()
    assert defined(after) != defined(before)


@table(
    ("by", "language", "said"),
    [
        (Path.mkdir, "en", "The file cannot be read: Is a directory"),
        (Path.mkdir, "ja", "ファイルを読み取れません: フォルダーです"),
        (os.mkfifo, "en", "The file cannot be read: Not a file"),
        (os.mkfifo, "ja", "ファイルを読み取れません: 通常のファイルではありません"),
    ],
)
def test_what_is_no_file_is_told_by_what_it_is(
    by: Callable[[Path], object], language: str, said: str, fresh: Callable[[], Path]
):
    folder = fresh()
    by(folder / "settings.yaml")
    assert said in told_of(load_files(folder, {}, {}), folder / "settings.yaml", language)[0]


def test_a_folder_that_is_reached_by_a_link_is_read(
    fresh: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory
):
    folder = fresh()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "apps"
    (folder / "apps").rename(elsewhere)
    (folder / "apps").symlink_to(elsewhere)
    catalog = load(folder, {})
    assert catalog.problems == ()
    assert [app.id for app in catalog.apps] == ["shop"]

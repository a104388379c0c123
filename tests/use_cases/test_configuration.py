"""The configuration is one value: changes by two threads are both kept, and each has a generation."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from data_sources.base import Source
from tests.review.shop import APP, SOURCES
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, NativeName
from tomoni.ledger import Ledger, NativeRecord
from tomoni.use_cases import configuration as module
from tomoni.use_cases.configuration import Configuration, Loaded, Setup

NATIVE = ("google", "it")


class NoLedger:
    """A ledger without anything stored; ``asking`` runs when it is told to ask sources."""

    def __init__(self, asking: Callable[[], None] = lambda: None) -> None:
        self.asking = asking

    def native(self, _names: object) -> Mapping[NativeName, NativeRecord]:
        return {}

    def fetch_definitions(self, *_: object) -> None:
        self.asking()


class ClosingSource:
    """A source that counts how often it was closed."""

    lag_seconds = 0

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class World:
    """A folder of configuration files, and the sources that were made for each reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "apps").mkdir(parents=True)
        (folder / "sources.yaml").write_text(SOURCES)
        self.write("shop")
        self.made: list[ClosingSource] = []

    def write(self, *apps: str) -> None:
        for app in apps:
            (self.folder / "apps" / f"{app}.yaml").write_text(APP.replace("app: shop", f"app: {app}"))

    def load(self) -> Loaded:
        self.made.append(ClosingSource())
        return Loaded(load(self.folder, {}), {"exports": cast(Source, self.made[-1])})

    def open(self, ledger: NoLedger | None = None) -> Configuration:
        return Configuration(self.folder, self.load, cast(Ledger, ledger or NoLedger()))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "config")


def ids(setup: Setup) -> list[str]:
    return [app.id for app in setup.apps()]


def test_a_changed_file_is_a_new_generation_and_the_old_sources_are_closed(world: World) -> None:
    configuration = world.open()
    before = configuration.current
    world.write("second")
    configuration.reload_changed_files()
    assert (ids(before), ids(configuration.current)) == (["shop"], ["second", "shop"])
    assert configuration.current.generation > before.generation
    assert [source.closed for source in world.made] == [1, 0]


def test_without_a_change_nothing_is_read_again(world: World) -> None:
    configuration = world.open()
    before = configuration.current
    configuration.reload_changed_files()
    assert configuration.current is before
    assert len(world.made) == 1


def test_what_is_read_through_a_link_is_read_again_when_it_changes(world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (world.folder / "apps").rename(elsewhere)
    (world.folder / "apps").symlink_to(elsewhere)
    configuration = world.open()
    world.write("second")
    configuration.reload_changed_files()
    assert ids(configuration.current) == ["second", "shop"]


def test_a_link_to_nothing_that_is_put_in_the_place_of_nothing_is_told(world: World) -> None:
    configuration = world.open()
    for name in ("exclusions", "access.yaml"):
        (world.folder / name).symlink_to("/nowhere/at-all")
        configuration.reload_changed_files()
        told = {each.spot.file for each in configuration.current.written.problems}
        assert str(world.folder / name) in told


def test_two_threads_that_reload_at_once_read_the_files_once(world: World) -> None:
    configuration = world.open()
    world.write("second")
    together = threading.Barrier(4)

    def reload() -> None:
        together.wait(60)
        configuration.reload_changed_files()

    threads = [threading.Thread(target=reload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert configuration.current.generation == 2
    assert [source.closed for source in world.made] == [1, 0]


def completed(catalog: Catalog, _told: object) -> Catalog:
    """As if sources had told something: another catalog of the same files."""
    return Catalog(catalog.apps[::-1], catalog.sources, catalog.settings, catalog.problems)


def test_files_that_change_while_sources_are_asked_are_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is put into the setup that is in force when it comes, not into the one that asked."""
    monkeypatch.setattr(module, "native_names", lambda _apps: [NATIVE])

    def edited_meanwhile() -> None:
        world.write("second")
        configuration.reload_changed_files()

    configuration = world.open(NoLedger(edited_meanwhile))
    monkeypatch.setattr(module, "with_native", completed)
    configuration.fetch_native_definitions(now=0)
    assert sorted(ids(configuration.current)) == ["second", "shop"]
    assert list(configuration.current.sources.values()) == [cast(Source, world.made[-1])]
    assert [source.closed for source in world.made] == [1, 0]


def test_definitions_that_sources_keep_are_a_new_generation_only_when_they_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("second")
    monkeypatch.setattr(module, "native_names", lambda _apps: [NATIVE])
    configuration = world.open()
    configuration.fetch_native_definitions(now=0)
    assert configuration.current.generation == 1
    monkeypatch.setattr(module, "with_native", completed)
    configuration.fetch_native_definitions(now=0)
    assert (configuration.current.generation, ids(configuration.current)) == (2, ["shop", "second"])


def test_a_file_that_changes_while_it_is_read_is_read_again(world: World) -> None:
    """The fingerprint is taken before the files are read."""
    load_files = world.load

    def edited_meanwhile() -> Loaded:
        loaded = load_files()
        if len(world.made) == 1:
            file = world.folder / "apps" / "shop.yaml"
            file.write_text(file.read_text() + "# edited\n")
            os.utime(file, ns=(1, 1))
        return loaded

    configuration = Configuration(world.folder, edited_meanwhile, cast(Ledger, NoLedger()))
    configuration.reload_changed_files()
    assert len(world.made) == 2

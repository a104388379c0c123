"""What people get wrong in their files: one clear line for each, and never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.command import SAID, Ended, Place, PlaceWithin

pytestmark = pytest.mark.slow

DEMO = "sources: {demo: {kind: demo}, web: {kind: prometheus, url: 'http://127.0.0.1:9'}}\n"
SLO = "{id: a, objective: 99.9, window: 28d, sli: {source: demo, counts: cart-availability}}"
# What is written instead of what, and what is said of it.
WRONG = {
    "ratio": ("99.9", "0.999", "Warning: An objective of 0.999 means 0.999 percent"),
    "zero": ("99.9", "0", "not possible"),
    "above": ("99.9", "100.1", "not possible"),
    "nan": ("99.9", ".nan", "not a number"),
    "infinite": ("99.9", ".inf", "not a number"),
    "beyond": ("99.9", "1e400", "not a number"),
    "comma": ("99.9", "'99,9'", "did you mean 99.9?"),
    "list": ("99.9", "[99]", "wrong type"),
    "mapping": ("99.9", "{a: 1}", "wrong type"),
    "unit": ("28d", "28", "not a duration"),
    "negative": ("28d", "-1d", "not a duration"),
    "endless": ("28d", "999999999d", "not a duration"),
    "decade": ("28d", "{calendar: decade}", "use one of: day, week, month, quarter, year"),
    "typo": ("objective", "objetive", "did you mean “objective”?"),
    "bucket": ("window", "bucket: 7m, window", "does not divide an hour"),
    "method": ("window", "method: magic, window", "use one of: occurrences, timeslices"),
    "slice": ("window", "method: timeslices, window", "needs a slice"),
    "forms": ("counts:", "histogram: a, counts:", "several forms at once"),
    "formless": (", counts: cart-availability", "", "Nothing here defines what to measure"),
    "source": ("source: demo", "source: demoo", "did you mean “demo”?"),
    "other-kind": ("source: demo", "source: web", "does not support the form “counts”"),
    "id": ("id: a", "id: Ä B", "is not a valid id"),
    "title": ("id: a", "id: a, title: [x]", "wrong type"),
    "language": ("id: a", "id: a, title: {ru: x}", "Warning: The text in “ru” is never shown"),
    "few": ("id: a", "id: a, min_events: -1", "out of range"),
    "no-data": ("id: a", "id: a, no_data: maybe", "use one of: ignore, good, bad"),
    "tag": ("99.9", "!!python/object/apply:os.system [id]", "is not supported"),
}
NOT_YAML = {
    "binary": os.urandom(3000) + b"\xff",
    "nul": b"\0" * 50,
    "utf16": "app: x".encode("utf-16"),
    "huge": b"a: [1, 2]\n" * 1_000_000,
    "tab": b"app: a\n\ttitle: x",
    "quote": b"app: 'x",
    "bracket": b"app: [",
    "documents": b"---\na: 1\n---\nb: 2",
    "loop": b"app: &a [*a]",
    "laughs": b"a: &a [x]\n" + b"".join(b"%c: &%c [%s]\n" % (c, c, b"*%c," % (c - 1) * 9) for c in range(98, 112)),
    "deep": b"app: " + b"[" * 5000,
    "colons": b"app: b: c",
    "keys": b"{[1, 2]: 3}",
    "nothing": b"",
    "tilde": b"~",
    "list": b"- 1",
    "number": b"3",
    "words": b"just words",
}


def assert_said(ended: Ended, code: int) -> None:
    """As promised: the exit code, and one clear line for each thing that is wrong."""
    assert ended.code == code
    assert all(SAID.fullmatch(line) and line.isprintable() for line in ended.lines), ended.err
    assert "Traceback" not in ended.out


def said_of(ended: Ended, app: str) -> list[str]:
    return [line for line in ended.lines if f"/{app}.yaml:" in line]


def test_every_wrong_value_is_named_in_its_line_all_at_once(place: Place) -> None:
    place.write(sources=DEMO)
    for name, (right, wrong, _) in WRONG.items():
        slo = SLO.replace(right, wrong, 1)
        place.write(**{f"app_{name}": f"app: {name}\njourneys:\n  - id: j\n    slos:\n      - {slo}\n"})
    ended = place.run("check", "--offline")
    assert_said(ended, 1)
    for name, (_, _, telling) in WRONG.items():
        said = [line for line in said_of(ended, name) if telling in line]
        assert len(said) == 1, (name, said_of(ended, name))
        assert f"/{name}.yaml:5: " in said[0]


@pytest.mark.parametrize("command", [("check", "--offline"), ("status", "--no-sync"), ("sync",)])
def test_files_that_are_none_are_named_and_the_rest_is_used(place: Place, command: tuple[str, ...]) -> None:
    place.write(sources=DEMO, app_fine=f"app: fine\njourneys: [{{id: j, slos: [{SLO}]}}]")
    place.write(**{f"app_{name}": content for name, content in NOT_YAML.items()})
    ended = place.run(*command)
    assert_said(ended, 1)
    assert all(said_of(ended, name) for name in NOT_YAML), ended.err
    assert not said_of(ended, "fine")


@pytest.mark.parametrize("name", ["binary", "tab", "loop", "deep", "nothing", "list", "words"])
def test_sources_and_settings_that_are_none_are_named(name: str, tmp_path: Path) -> None:
    place = PlaceWithin(tmp_path).write(sources=NOT_YAML[name], settings=NOT_YAML[name], app_x="app: x")
    ended = place.run("check", "--offline")
    assert_said(ended, 1)
    assert said_of(ended, "sources")


def test_what_is_no_plain_file_is_named_and_never_waited_for(place: Place) -> None:
    place.write(sources=DEMO)
    apps = place.config / "apps"
    os.mkfifo(apps / "pipe.yaml")
    (apps / "folder.yaml").mkdir()
    (apps / "dangling.yaml").symlink_to("nowhere")
    (apps / "circle.yaml").symlink_to("circle.yaml")
    (apps / "endless.yaml").symlink_to("/dev/zero")
    (apps / "we\nird \x1b[31m.yaml").write_text("app: [")
    ended = place.run("check", "--offline")
    assert_said(ended, 1)
    assert len(ended.lines) == 6
    for name in ("pipe", "folder", "dangling", "circle", "endless"):
        assert said_of(ended, name)


@pytest.mark.parametrize("command", ["check", "sync", "status"])
def test_a_folder_that_is_none_is_named(place: Place, command: str) -> None:
    for told in (f"There is no folder “{place.config}”", f"“{place.config}” is a file, and not a folder"):
        ended = place.run(command)
        assert_said(ended, 1)
        (line,) = ended.lines
        assert told in line
        place.config.write_text("x")


def test_an_empty_folder_says_what_is_missing(place: Place) -> None:
    place.config.mkdir()
    ended = place.run("check")
    assert_said(ended, 1)
    assert [line.split(":1: ")[0] for line in ended.lines] == [f"{place.config}/apps", f"{place.config}/sources.yaml"]


def test_two_apps_with_one_id_are_named(place: Place) -> None:
    app = f"app: shop\njourneys: [{{id: j, slos: [{SLO}]}}]\n"
    ended = place.write(sources=DEMO, app_one=app, app_two=app).run("check", "--offline")
    assert_said(ended, 1)
    assert "/two.yaml:1: The id “shop” is used for a second app" in ended.err
    assert "one.yaml, line 1" in ended.err


def test_titles_cannot_steer_a_terminal(place: Place) -> None:
    nasty = r'"\e]0;owned\a\e[31mred\u202e\u200b"'
    slo = SLO.replace("id: a", f"id: a, title: {nasty}")
    place.write(sources=DEMO, app_x=f"app: x\ntitle: {nasty}\njourneys: [{{id: j, title: {nasty}, slos: [{slo}]}}]")
    for args in (("status",), ("status", "--format", "json"), ("check", "--offline")):
        ended = place.run(*args, environ={"TOMONI_NOW": "2026-11-18T10:00:00Z"})
        assert ended.code == 0
        assert (ended.out + ended.err).replace("\n", "").isprintable()

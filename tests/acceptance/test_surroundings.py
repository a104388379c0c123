"""A hostile surrounding: settings, databases, disks, streams, secrets."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.command import Ended, Place, PlaceWithin
from tests.acceptance.shop import SMALL
from tests.data_sources.fault_server import FaultServer, Reply
from tests.tables import table

pytestmark = pytest.mark.slow

DEMO = """\
app: shop
journeys: [{id: buy, slos: [{id: a, objective: 99.9, window: 7d, sli: {source: demo, counts: cart-availability}}]}]
"""
NOW = {"TOMONI_NOW": "2026-11-18T10:00:00Z"}


@pytest.fixture
def demo(tmp_path: Path) -> Place:
    """One SLO on the demo source."""
    return PlaceWithin(tmp_path, NOW).write(sources="sources: {demo: {kind: demo}}", app_shop=DEMO)


def assert_refused(ended: Ended, telling: str, code: int = 1) -> None:
    """One line that says so, and nothing else."""
    assert (ended.code, ended.out) == (code, "")
    (line,) = ended.lines
    assert telling in line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOW", "now"),
        ("NOW", "2026-13-45"),
        ("NOW", "2026-11-18T10:00:00"),
        ("NOW", "1969-01-01T00:00:00Z"),
        ("REFRESH_SECONDS", "-1"),
        ("REFRESH_SECONDS", "soon"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(demo: Place, name: str, value: str) -> None:
    assert_refused(demo.run("status", environ={f"TOMONI_{name}": value}), f"“TOMONI_{name}” is not valid")


@pytest.mark.parametrize(
    ("url", "telling"),
    [
        ("nonsense", "is not the address of a database"),
        ("://", "is not the address of a database"),
        ("sqlite:///x%00y", "is not the address of a database"),
        ("mysql://u:hunter2secret@127.0.0.1:1/x", "is not the address of a database"),
        ("postgresql://u:hunter2secret@127.0.0.1:port/x", "is not the address of a database"),
        ("postgresql://u:hunter2secret@127.0.0.1:1/x", "cannot be opened"),
        ("sqlite:////proc/nowhere/x.db", "cannot be opened"),
        ("sqlite:////", "cannot be opened"),
    ],
)
def test_a_data_base_that_cannot_be_used_is_told_without_its_password(demo: Place, url: str, telling: str) -> None:
    ended = demo.run("status", environ={"TOMONI_DATABASE_URL": url})
    assert_refused(ended, telling)
    assert "hunter2secret" not in ended.err


def newer(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_2031'")
    connection.close()


def damaged(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    database.write_bytes(content)


def folder(database: Path) -> None:
    database.unlink()
    database.mkdir()


DATABASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "junk": (lambda database: database.write_bytes(os.urandom(9000)), "cannot be read"),
    "half of it junk": (damaged, "cannot be read"),
    "made by a newer version": (newer, "created by a newer version of Tomoni"),
    "a folder": (folder, "cannot be opened"),
}


@pytest.mark.parametrize("what", DATABASES)
def test_a_data_base_that_is_none_of_ours_is_told(demo: Place, what: str) -> None:
    spoil, telling = DATABASES[what]
    assert demo.run("status").code == 0
    spoil(demo.database)
    before = demo.database.read_bytes() if demo.database.is_file() else b""
    assert_refused(demo.run("status"), telling)
    assert not before or demo.database.read_bytes() == before


@pytest.mark.parametrize("room", [0, 100_000])  # nothing can be written, and not all
def test_a_full_disk_is_told_and_made_good_later(demo: Place, room: int) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    assert_refused(demo.run("status", preexec_fn=small), "check its free space")
    assert demo.run("status").code == 0


@table("command", ["status --format json", "check --offline", "--help", "status --help", "--version"])
def test_an_answer_that_cannot_be_written_is_told_without_blaming_another_place(demo: Place, command: str) -> None:
    with Path("/dev/full").open("w") as full:
        ended = demo.run(*command.split(), stdout=full)
    assert_refused(ended, "There is no room for what is to be written (No space left on device)")


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_closed_streams_do_no_harm(demo: Place, closed: tuple[int, ...]) -> None:
    def close() -> None:
        for number in closed:
            os.close(number)

    ended = demo.run("status", preexec_fn=close)
    assert ended.code == 0
    assert demo.status("--no-sync").slo("a")["coverage"] == 1.0


def test_any_surrounding_gets_its_answer(demo: Place) -> None:
    assert demo.run("status").code == 0  # fetched, so that each process has less to do
    surroundings: tuple[tuple[str, dict[str, str]], ...] = (
        ("ja", {"HOME": "/nonexistent", "TZ": "Mars/Olympus", "LANG": "C"}),
        ("ja", {"HOME": "", "PATH": "", "LANG": "", "TERM": "", "USER": ""}),
        ("en", {"LANG": "xx_YY", "LC_ALL": "bogus", "COLUMNS": "nonsense", "PYTHONIOENCODING": "ascii"}),
        ("ja", {"LANG": "xx_YY", "LC_ALL": "bogus", "COLUMNS": "nonsense", "PYTHONIOENCODING": "ascii"}),
        ("ja", {"COLUMNS": "40", "TERM": "dumb", "NO_COLOR": "1"}),
    )
    for language, environ in surroundings:
        ended = Place(demo.folder, demo.environ).run("--lang", language, "status", environ=environ)
        assert (ended.code, ended.err) == (0, ""), environ


@pytest.mark.parametrize("at", ["now", "2026-13-45", "", "2026-11-18T10:00:00", "2026-02-30T00:00:00Z", "\x1b[31m"])
def test_a_moment_that_is_none_is_wrong_usage(demo: Place, at: str) -> None:
    ended = demo.run("status", "--at", at)
    assert (ended.code, ended.out) == (2, "")
    assert "Write it as 2026-11-18T10:00:00Z" in ended.lines[-1]
    assert ended.err.replace("\n", "").isprintable()


def test_the_oldest_moment_is_answered(demo: Place) -> None:
    ended = demo.status("--at", "1970-01-01T00:00:00Z")
    assert (ended.code, ended.err) == (0, "")
    assert ended.slo("a")["state"] == "no_data"


SECRETS = {name: f"s3cr3t-{name.lower()}-value" for name in ("PASSWORD", "TOKEN", "HEADER", "USERINFO", "DATABASE")}
SOURCES = """\
sources:
  basic: {kind: prometheus, url: '%(url)s', auth: {kind: basic, username: reader, password: '${PASSWORD}'}}
  bearer: {kind: prometheus, url: '%(url)s', auth: {kind: bearer, token: '${TOKEN}'}, headers: {X-Key: '${HEADER}'}}
  address: {kind: prometheus, url: 'http://reader:${USERINFO}@127.0.0.1:9'}
  wrong: {kind: prometheus, url: '%(url)s', auth: {kind: bearer, token: ['${TOKEN}'], tokn: '${TOKEN}'}, x: '${HEADER}'}
"""


def test_secrets_are_never_shown(place: Place, server: FaultServer) -> None:
    server.answer = lambda call: Reply(repr(dict(call.headers)).encode(), 500)  # it repeats what it was told
    apps = {
        f"app_{name}": SMALL.replace("prometheus", name).replace("app: shop", f"app: {name}")
        for name in ("basic", "bearer", "address", "wrong")
    }
    place.write(sources=SOURCES % {"url": server.url}, **apps)
    outputs = ""
    for args in (["check"], ["check", "--offline"], ["sync"], ["status"], ["status", "--format", "json"]):
        for more in ({}, {"TOMONI_DEBUG": "1"}):
            ended = place.run(*args, environ={**SECRETS, **more})
            outputs += ended.out + ended.err
            assert "Traceback" not in ended.err
    address = f"postgresql://tomoni:{SECRETS['DATABASE']}@127.0.0.1:1/x"
    for more in ({}, {"TOMONI_DEBUG": "1"}):
        outputs += place.run("status", environ={**SECRETS, **more, "TOMONI_DATABASE_URL": address}).err
    outputs += place.database.read_bytes().decode("latin-1")
    sent = {call.headers.get("Authorization", "") for call in server.calls}
    assert f"Bearer {SECRETS['TOKEN']}" in sent
    assert "500" in outputs or "had an internal error" in outputs
    assert not [name for name, secret in SECRETS.items() if secret in outputs]
    assert "s3cr3t" not in outputs

"""The log has one form, ids that are carried through, and no secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from tomoni import logs
from tomoni.settings import ProcessSettings
from tomoni.wiring import set_up_logs

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The loggers as they were."""
    names = [logging.getLogger(), logging.getLogger("tomoni"), logging.getLogger("data_sources")]
    before = [(each, list(each.handlers), each.level) for each in names]
    yield
    for each, handlers, level in before:
        each.handlers, each.level = handlers, level
        each.setLevel(level)


def set_up(form: str) -> None:
    given = {"log": form, "cookie_secret": SECRET, "database_url": "postgresql://user:hunter2@db/x?sslpassword=hunter3"}
    set_up_logs(ProcessSettings.model_validate(given))


def test_json_has_the_ids_and_the_facts_of_every_line(capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setattr(logs, "_give_way", lambda: None)
    set_up("json")
    log = logging.getLogger("tomoni.x")
    with logs.about(refresh="r1"):
        log.info("a source was refreshed", extra={"source": "metrics", "seconds": 0.5, "answered": True})
        thread = logs.thread("t", log.warning, "from %s", "a thread")
        thread.start()
        thread.join()
    log.info("outside")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    first = {key: value for key, value in lines[0].items() if key != "time"}
    assert first == {
        "level": "info",
        "logger": "tomoni.x",
        "message": "a source was refreshed",
        "refresh": "r1",
        "source": "metrics",
        "seconds": 0.5,
        "answered": True,
    }
    assert (lines[1]["message"], lines[1]["refresh"]) == ("from a thread", "r1")
    assert "refresh" not in lines[2]


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_in_a_line_an_exception_or_a_fact(
    capsys: pytest.CaptureFixture[str], monkeypatch, form: str
) -> None:
    monkeypatch.setattr(logs, "_give_way", lambda: None)
    set_up(form)
    try:
        raise ValueError(f"cannot use {SECRET} and hunter2")
    except ValueError:
        logging.getLogger("tomoni").exception("with %s", SECRET, extra={"fact": "hunter3"})
    said = capsys.readouterr().err
    assert "ValueError" in said
    for secret in (SECRET, "hunter2", "hunter3"):
        assert secret not in said


def test_text_has_warnings_and_the_ids_alone(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text")
    with logs.about(request="abc"):
        logging.getLogger("tomoni").info("all is well")
        logging.getLogger("data_sources").warning("slow")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("WARNING slow (request abc)")

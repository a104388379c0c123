"""The demo, fetched once, for pages that are run without a browser."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, local_script_runner

from tomoni.review.again import Known
from tomoni.settings import ProcessSettings
from tomoni.use_cases.jobs import Job
from tomoni.use_cases.last_drawn import Drawing
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

ROOT = Path(__file__).parents[2]
NOW = "2026-11-24T00:55:00Z"
Open = Callable[..., AppTest]
_BEGIN = Drawing.__init__


@pytest.fixture(scope="session")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all that the demo has."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    settings = ProcessSettings.model_validate(
        {"config": ROOT / "config", "database_url": f"sqlite:///{file}", "now": NOW}
    )
    product = open_tomoni(settings, {})
    product.sync()
    product.close()
    return file


@pytest.fixture(scope="session")
def drawn(fetched: Path, tmp_path_factory: pytest.TempPathFactory) -> Known:
    """What the live pages of that database are drawn from. A process takes it over for whatever is stored and defined
    as it was then, as it does from one refresh to the next: evaluating it for each test took a quarter of the time."""
    copy = tmp_path_factory.mktemp("drawn") / "demo.db"
    shutil.copy(fetched, copy)
    settings = ProcessSettings.model_validate(
        {"config": ROOT / "config", "database_url": f"sqlite:///{copy}", "now": NOW}
    )
    made: list[Drawing] = []

    def begin(self: Drawing, *args: Any) -> None:
        _BEGIN(self, *args)
        made.append(self)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Drawing, "__init__", begin)
        product = open_tomoni(settings, {})
    product.live()
    product.close()
    return made[0]._known


class _Failures(logging.Handler):
    """Keeps what went wrong: the reader of a page gets a sentence, and the log the cause."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@pytest.fixture(autouse=True)
def failures() -> Iterator[list[str]]:
    """What went wrong in the product: nothing, unless the test means it, looks at it and takes it away."""
    kept, log = _Failures(), logging.getLogger("tomoni")
    log.addHandler(kept)
    yield kept.said
    log.removeHandler(kept)
    assert kept.said == []


_TOO_LATE = local_script_runner.require_widgets_deltas


def _waited_for(runner: local_script_runner.LocalScriptRunner, timeout: float = 3) -> None:
    """Waits for the end of a run. Streamlit looks a thousand times a second whether it has come, and takes as often
    the interpreter from the run."""
    if runner._script_thread is not None:
        runner._script_thread.join(timeout)
    if not runner.script_stopped():
        _TOO_LATE(runner, 0)


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for components once, and not for each AppTest."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        patched.setattr(local_script_runner, "require_widgets_deltas", _waited_for)
        yield


_INIT = PagesManager.__init__


def _without_pages_directory(self: PagesManager, *args: Any, **more: Any) -> None:
    """As app.py has it for a server; AppTest switches it on again for every run."""
    _INIT(self, *args, **more)
    PagesManager.uses_pages_directory = False


def _beginning_with(known: Known) -> Callable[..., None]:
    def begin(self: Drawing, *args: Any) -> None:
        _BEGIN(self, *args)
        self._known = known

    return begin


JOB_WAIT = Job.wait


@pytest.fixture(autouse=True)
def jobs_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a job brings is there with the first run of a page, however busy the machine is: a browser would look again,
    and an AppTest does not."""
    monkeypatch.setattr(Job, "wait", lambda job, seconds: JOB_WAIT(job, max(seconds, 45)))


@pytest.fixture
def world(fetched: Path, drawn: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the demo's configuration and data; nothing is fetched in the background."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copy(fetched, tmp_path / "demo.db")
    monkeypatch.setenv("TOMONI_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("TOMONI_DATABASE_URL", f"sqlite:///{tmp_path / 'demo.db'}")
    monkeypatch.setenv("TOMONI_NOW", NOW)
    monkeypatch.setattr(Tomoni, "refresh_in_background", lambda self: None)
    monkeypatch.setattr(PagesManager, "__init__", _without_pages_directory)
    monkeypatch.setattr(Drawing, "__init__", _beginning_with(drawn))
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def tomoni(world: Path) -> Iterator[Tomoni]:
    """The product on the same configuration and data as the pages."""
    opened = open_tomoni(ProcessSettings(), {})
    yield opened
    opened.close()


# What Streamlit calls the pages: known once the entry has run, as it has at the start of each process.
_NAMES: dict[str, str] = {}


def _switched(test: AppTest, page: str) -> AppTest:
    """The test on another page, without a run of the first page before where the name of the other is known."""
    if page in _NAMES:
        test._page_hash = _NAMES[page]
    else:
        test.run().switch_page(f"pages/{page}.py")
        _NAMES[page] = test._page_hash
    return test


@pytest.fixture
def open_page(world: Path) -> Open:
    """Opens a page by its file, with URL parameters and the browser's language."""

    def opened(page: str, /, locale: str = "en-GB", **params: str) -> AppTest:
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        test.context = {"locale": locale, "timezone": "Asia/Tokyo"}
        for name, value in params.items():
            test.query_params[name] = value
        return (test if page == "overview" else _switched(test, page)).run()

    return opened


def html_of(test: AppTest) -> str:
    """All HTML that a page wrote itself, without what keeps days and lengths on one line."""
    shown = "\n".join(element.proto.body for element in test.get("html"))
    return re.sub(r"<span class='tm-whole'>([^<]*)</span>", r"\1", shown)

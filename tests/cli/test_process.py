"""The command line as a process of its own: speed, signals, pipes, streams."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
Environ = dict[str, str]


def process(environ: Environ, *args: str, **more: object) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TOMONI_", "LC_", "LANG"))}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT}
    return subprocess.Popen([sys.executable, "cli.py", *args], env={**clean, **environ}, **{**pipes, **more})  # type: ignore[call-overload, no-any-return]


def finished(environ: Environ, *args: str) -> tuple[int, str, str]:
    started = process(environ, *args)
    out, err = started.communicate(timeout=300)
    return started.returncode, out, err


def test_answer_and_complaints_go_to_their_own_streams(environ: Environ, config: Path) -> None:
    (config.parent / "data" / "mail.csv").unlink()
    code, out, err = finished(environ, "status", "--format", "json")
    assert code == 0
    assert len(json.loads(out)["slos"]) == 5
    assert err.startswith("exports: ")
    assert "Traceback" not in err


def test_json_imports_nothing_that_only_a_table_or_a_source_needs(environ: Environ, run: Run) -> None:
    assert run("sync").exit_code == 0
    code = (
        "import sys, io, contextlib\n"
        "sys.argv = ['cli.py', 'status', '--no-sync', '--format', 'json']\n"
        "out = io.StringIO()\n"
        "try:\n"
        "    with contextlib.redirect_stdout(out):\n"
        "        import cli; cli.main()\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0, end.code\n"
        "heavy = {'rich', 'pandas', 'pyarrow', 'google', 'grpc', 'requests', 'plotly', 'streamlit', 'alembic'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "[]"


def test_ctrl_c_ends_with_one_line(environ: Environ, config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        sources = f"sources:\n  exports: {{kind: prometheus, url: 'http://127.0.0.1:{port}'}}\n"
        (config / "sources.yaml").write_text(sources)
        app = (config / "apps" / "shop.yaml").read_text()
        (config / "apps" / "shop.yaml").write_text(re.sub(r"counts: (\w+)\.csv", r"total: \1, bad: \1", app))
        # A shell that starts the tests in the background has them ignore the signal, and so what they start.
        started = process(environ, "sync", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        silent.settimeout(30)
        connection, _ = silent.accept()  # it asks, and nobody will answer
        with connection:
            started.send_signal(signal.SIGINT)
            _, err = started.communicate(timeout=300)
    assert started.returncode == 130
    assert err == "Stopped. Everything fetched so far is kept.\n"


def test_a_reader_that_goes_away_is_no_error(environ: Environ, run: Run) -> None:
    assert run("sync").exit_code == 0
    read, write = os.pipe()
    os.close(read)
    started = process(environ, "status", "--no-sync", "--format", "json", stdout=write)
    os.close(write)
    _, err = started.communicate(timeout=300)
    assert (started.returncode, err) == (141, "")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])  # UTF-8: the next test
def test_a_terminal_of_any_encoding_gets_an_answer(environ: Environ, encoding: str) -> None:
    code, out, err = finished({**environ, "PYTHONIOENCODING": encoding}, "--lang", "ja", "status", "--no-sync")
    assert (code, err) == (0, "")
    assert "SLO" in out


def test_the_language_follows_the_terminal(environ: Environ) -> None:
    assert "件のうち" in finished({**environ, "LANG": "ja_JP.UTF-8"}, "status", "--no-sync")[1]

"""Queries that a Prometheus would refuse are told at their lines: by the server where it answers, else by parsing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import Result

from tests.cli.conftest import config, environ, run
from tests.dialects.corpus import GRAFANA, OPENSLO, PYRRA, SLO_GENERATOR, SLOTH
from tomoni.catalog.yaml_file import document_of
from tomoni.dialects.found import Wanted
from tomoni.dialects.refusing import note_refused
from tomoni.dialects.registry import BY_NAME

__all__ = ["config", "environ", "run"]
Run = Callable[..., Result]
ODD = "rollup_rate"  # a function of MetricsQL


class _Answers(BaseHTTPRequestHandler):
    """A server that takes everything but brackets that are not closed, as a server of MetricsQL does."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        refused = query.count("(") != query.count(")") or "5[" in query
        answer: dict[str, object] = {"status": "success", "data": {"resultType": "matrix", "result": []}}
        if refused:
            answer = {"status": "error", "errorType": "bad_data", "error": "parse error: not closed"}
        content = json.dumps(answer).encode()
        self.send_response(400 if refused else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(10)


SPECS = {
    "sloth": (SLOTH, 'code=~"(5..|429)"}', 'code=~"5["}'),
    "pyrra": (PYRRA, 'code=~"5.."}', 'code=~"5["}'),
    "openslo": (OPENSLO, "query: http_requests_total}", "query: 'sum(rate(http_requests_total[5m])'}"),
    "slo-generator": (SLO_GENERATOR, 'code=~"2.."}', 'code=~"5["}'),
    "grafana": (GRAFANA, 'code!~"5.."}', 'code!~"5["}'),
}


def imported(run: Run, config: Path, dialect: str, text: str, url: str) -> tuple[Result, Path]:
    spec = config.parent / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    (config / "sources.yaml").write_text(
        f"sources:\n  main: {{kind: prometheus, url: '{url}', timeout_seconds: 20}}\n", encoding="utf-8"
    )
    return run("import", dialect, str(spec), "--source", "main", "--dry-run", "--window", "28d"), spec


@pytest.mark.parametrize("dialect", SPECS)
def test_a_query_that_would_be_refused_is_told_at_its_line_and_comes_over(
    run: Run, config: Path, url: str, dialect: str
) -> None:
    whole, good, bad = SPECS[dialect]
    broken = whole.replace(good, bad)
    assert broken != whole
    line = next(n for n, each in enumerate(broken.splitlines(), start=1) if bad in each)
    for server, said in ((url, "refuses the query: parse error: not closed"), ("http://127.0.0.1:9", "would refuse")):
        result, spec = imported(run, config, dialect, broken, server)
        told = [each for each in result.stderr.splitlines() if "refuse" in each]
        assert told
        assert all(each.startswith(f"{spec}:{line}: ") and said in each for each in told), told
        assert (result.exit_code, "slos:" in result.stdout) == (0, True)
        assert "refuse" in result.stdout  # as a comment above the SLO
        assert "refuse" not in imported(run, config, dialect, whole, server)[0].stderr


def test_what_the_server_takes_is_right_whatever_the_parser_says(run: Run, config: Path, url: str) -> None:
    metricsql = SLOTH.replace("sum(rate(", f"sum({ODD}(")
    assert "refuse" not in imported(run, config, "sloth", metricsql, url)[0].stderr
    assert (
        f"unknown function with name '{ODD}'"
        in imported(run, config, "sloth", metricsql, "http://127.0.0.1:9")[0].stderr
    )


def test_each_query_goes_to_the_source_of_its_own_slo() -> None:
    read = [
        document_of(f"{name}.yaml", OPENSLO.replace("type: Prometheus", f"metricSourceRef: {name}, type: Prometheus"))
        for name in "ab"
    ]
    asked: list[str] = []
    imported = BY_NAME["openslo"].read(read, Wanted(lambda _kind, name: name))
    note_refused(imported, lambda source, _query: asked.append(source))
    assert sorted(asked) == ["a", "a", "b", "b"]

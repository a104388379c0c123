"""What is compared: a Prometheus with the world and Sloth's recorded history, slo-generator itself, and ours."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from click.testing import CliRunner

from bench.ledger import slo_generator_program
from cli import cli
from tests.dialects.parity import specs, world
from tests.dialects.parity.incidents import series
from tests.dialects.promtool import check_rules
from tests.real_prometheus import make_blocks, serving

_ASK = """\
import json, sys, yaml
from slo_generator.compute import compute
config = yaml.safe_load(open(sys.argv[2]))
print("REPORTS" + json.dumps([compute(slo, config) for slo in yaml.safe_load_all(open(sys.argv[1]))]))
"""


@dataclass(frozen=True)
class Found:
    """What a tool says of a service: the SLI, and where it counts events all and the bad ones; ours also how much of
    the window it has seen."""

    sli: float
    total: float | None = None
    bad: float | None = None
    coverage: float | None = None


@contextmanager
def prometheus(folder: Path) -> Iterator[str]:
    """The address of a Prometheus with the world, and with what Sloth's rules would have recorded in it."""
    _add_blocks(folder, world.openmetrics())
    check_rules(specs.rules(), folder=folder)
    with serving(folder) as url:
        recorded = list(_recorded(url))
    _add_blocks(folder, recorded)
    with serving(folder) as url:
        yield url


def _add_blocks(folder: Path, openmetrics: Iterable[str]) -> None:
    text = folder / "samples.txt"
    with text.open("w") as file:
        file.writelines(openmetrics)
    make_blocks(text, folder / "data")
    text.unlink()


def _recorded(url: str) -> Iterator[str]:
    """What the recording rules give at each full minute of the window, as OpenMetrics text. `promtool tsdb
    create-blocks-from rules` does the same, with a block for each rule and two hours, which takes a minute."""
    for rule in yaml.safe_load(specs.rules())["groups"][0]["rules"]:
        labels = ",".join(f'{name}="{value}"' for name, value in rule["labels"].items())
        found = series(url, rule["expr"], world.END - world.WINDOW_DAYS * world.DAY, world.END, world.MINUTE)
        yield from (f"{rule['record']}{{{labels}}} {value} {time}\n" for time, value in found.items())
    yield "# EOF\n"


def asked(url: str, query: str) -> float | None:
    """What an expression gives at the end of the world; None for nothing."""
    body = urllib.parse.urlencode({"query": query, "time": world.END}).encode()
    with urllib.request.urlopen(f"{url}/api/v1/query", body, timeout=60) as answer:
        result = json.load(answer)["data"]["result"]
    return float(result[0]["value"][1]) if result else None


@contextmanager
def at_the_end(url: str) -> Iterator[str]:
    """The address of a server that passes queries on with the end of the world as their time: slo-generator always
    asks for now, whatever its option --timestamp says."""

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, asked_for = self.path.partition("?")
            given = dict(urllib.parse.parse_qsl(asked_for)) | {"time": str(world.END)}
            with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(given)}", timeout=60) as answer:
                body = answer.read()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def slo_generator(folder: Path, url: str) -> dict[str, Found]:
    """What slo-generator reports, by service; services of which it reports nothing are not there."""
    slos, config, script = (folder / name for name in ("slos.yaml", "config.yaml", "ask.py"))
    slos.write_text(yaml.safe_dump_all(specs.slo_generator()))
    script.write_text(_ASK)
    with at_the_end(url) as address:
        config.write_text(yaml.safe_dump(specs.slo_generator_config(address)))
        python = slo_generator_program().with_name("python")
        done = subprocess.run([python, script, slos, config], capture_output=True, text=True, check=True)
    reports = json.loads(done.stdout.split("REPORTS", 1)[1])
    return {each["metadata"]["labels"]["service_name"]: _found(each) for (each,) in reports if each["valid"]}


def _found(report: Mapping[str, float]) -> Found:
    if report["events_count"] < 0:
        return Found(report["sli_measurement"])
    return Found(report["sli_measurement"], report["events_count"], report["bad_events_count"])


def ours(folder: Path, url: str, dialect: str, spec: str) -> dict[str, Found]:
    """What `status` says of what `import` makes of a spec, by service."""
    config = folder / dialect
    config.mkdir()
    (config / "sources.yaml").write_text(f"sources: {{prometheus: {{kind: prometheus, url: '{url}'}}}}\n")
    file = folder / f"{dialect}.yaml"
    file.write_text(spec)
    environment = {"TOMONI_CONFIG": str(config), "TOMONI_DATABASE_URL": f"sqlite:///{config}/tomoni.db"}

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli, arguments, env=environment, prog_name="cli.py")
        assert result.exit_code == 0, result.output
        return result.stdout

    run("import", dialect, str(file), "--window", specs.WINDOW)
    at = datetime.fromtimestamp(world.END, UTC).isoformat().replace("+00:00", "Z")
    slos = json.loads(run("status", "--format", "json", "--at", at))["slos"]
    return {
        slo["app"]: Found(slo["sli"], slo["total"], slo["bad"], slo["coverage"])
        for slo in slos
        if slo["sli"] is not None
    }

"""A thousand files come in, and the rules of a thousand SLOs go out, within seconds of the processor."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli

pytestmark = pytest.mark.slow
COUNT, IMPORT_SECONDS, EXPORT_SECONDS = 1_000, 10, 5
SPEC = """\
version: prometheus/v1
service: app-{n}
slos:
  - name: availability
    objective: 99.9
    description: Requests that are answered.
    sli:
      events:
        error_query: sum(rate(http_requests_total{{job="app-{n}",code=~"5.."}}[{{{{.window}}}}]))
        total_query: sum(rate(http_requests_total{{job="app-{n}"}}[{{{{.window}}}}]))
    alerting: {{page_alert: {{disable: true}}, ticket_alert: {{disable: true}}}}
"""


def test_a_thousand_files_come_in_and_their_rules_go_out(tmp_path: Path):
    (tmp_path / "sloth").mkdir()
    for n in range(COUNT):
        (tmp_path / "sloth" / f"{n}.yaml").write_text(SPEC.format(n=n))
    config = tmp_path / "config"
    (config / "apps").mkdir(parents=True)
    (config / "sources.yaml").write_text("sources: {prometheus: {kind: prometheus, url: 'http://127.0.0.1:9'}}\n")
    environ = {"TOMONI_CONFIG": str(config), "TOMONI_DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.db'}"}

    def seconds(*args: str) -> float:
        began = time.process_time()
        ended = CliRunner().invoke(cli, args, env=environ, prog_name="cli.py")
        assert ended.exit_code == 0, ended.output[-2000:]
        return time.process_time() - began

    imported = seconds(
        "import", "sloth", str(tmp_path / "sloth"), "--source", "prometheus", "--out", str(config / "apps")
    )
    assert len(list((config / "apps").glob("*.yaml"))) == COUNT
    exported = seconds("export", "rules", "--out", str(tmp_path / "rules"))
    assert imported < IMPORT_SECONDS
    assert exported < EXPORT_SECONDS

"""What the tests of rules share: promtool checks and replays them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.real_prometheus import program
from tomoni.catalog.apps import AppReader
from tomoni.catalog.schema import App, Settings
from tomoni.catalog.sources import SourceTable
from tomoni.catalog.yaml_file import document_of
from tomoni.dialects.registry import BY_NAME
from tomoni.dialects.written import Exported, Target
from tomoni.words.dialects import reason_text
from tomoni.words.text import text_for

KINDS = {"prometheus": "prometheus", "gcp": "cloud_monitoring", "demo": "demo", "exports": "files"}


def app_of(keys: Mapping[str, object]) -> App:
    """An app as the product reads it."""
    document = document_of("apps/shop.yaml", yaml.safe_dump(dict(keys), sort_keys=False))
    app = AppReader(Settings(), SourceTable(kinds=KINDS)).read(document)
    assert app is not None
    assert not document.errors()
    return app


def shop(*slos: Mapping[str, object], **keys: object) -> App:
    """An app with one journey of some SLOs, in the keys of app files."""
    return app_of({"app": "shop", **keys, "journeys": [{"id": "order", "slos": list(slos)}]})


def slo_of(id_: str, sli: Mapping[str, object], **keys: object) -> dict[str, object]:
    """An SLO of 99 % over 28 days, in the keys of app files."""
    judged: dict[str, object] = {"judge_after": 0}
    return {"id": id_, "objective": 99, "window": "28d", **judged, **keys, "sli": {"source": "prometheus", **sli}}


def exported(dialect: str, *apps: App, **options: str) -> Exported:
    """The files of a dialect for some apps, in English."""
    text = text_for("en")
    target = Target(KINDS, options, "en", say=lambda code, facts: reason_text(code, facts, text))
    return BY_NAME[dialect].write(apps, target)


def check_rules(*texts: str, folder: Path) -> None:
    """Fails where promtool finds anything wrong with rules."""
    files = [folder / f"{number}.rules.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    done = subprocess.run([program("promtool"), "check", "rules", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True)
class Replay:
    """A world for promtool: the samples of each series, a minute apart; the rules; what is asked when."""

    rules: str
    series: Mapping[str, Sequence[float | None]]
    asked: Sequence[tuple[int, str]]

    def run(self, folder: Path) -> None:
        """Fails where an expression does not give 1 at its minute."""
        (folder / "shop.rules.yaml").write_text(self.rules, encoding="utf-8")
        file = folder / "test.yaml"
        file.write_text(json.dumps(self._test()))
        done = subprocess.run([program("promtool"), "test", "rules", file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr)[:3000]

    def _test(self) -> dict[str, Any]:
        asked = [
            {"expr": expr, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": 1}]}
            for minute, expr in self.asked
        ]
        written = [
            {"series": name, "values": " ".join("_" if value is None else f"{value:g}" for value in values)}
            for name, values in self.series.items()
        ]
        one = {"interval": "1m", "input_series": written, "promql_expr_test": asked}
        return {"rule_files": ["shop.rules.yaml"], "evaluation_interval": "3m", "tests": [one]}

"""`verify` on what `snapshot` has just written, in every format that needs no browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tomoni.snapshots.document.model import Document
from tomoni.snapshots.exporters.markdown import as_markdown
from tomoni.snapshots.exporters.readers import markdown_manifest

VALUES = [-49.0, -0.0, 1e-05, -1e-300, 0, [-1, [-2.5]], "--> <!-- -1", 'a"-1', "\\u002d1", "\\", "e-5", "日本-語", None]


@pytest.mark.slow
def test_files_of_exhausted_budgets_verify_in_every_format(run: Run, tmp_path: Path) -> None:
    result = run("snapshot", "--out", str(tmp_path / "out"), "--format", "html,md,csv,json,pptx,parquet")
    assert result.exit_code == 0, result.output
    found = json.loads(run("status", "--format", "json", "--no-sync").stdout)
    assert any(slo["budget"]["remaining"] < 0 for slo in found["slos"] if slo["budget"])
    for file in (tmp_path / "out").iterdir():
        if "-series" not in file.stem:  # has no manifest
            assert run("verify", str(file)).exit_code == 0, file


@pytest.mark.parametrize("value", VALUES)
def test_markdown_states_every_value_as_it_is(value: object) -> None:
    written = as_markdown(Document("A title", "", ("en",), ()), {"value": value, "-x-": value})
    read = markdown_manifest(written.encode(), Path())
    assert read is not None
    assert (repr(read["value"]), repr(read["-x-"])) == (repr(value), repr(value))
    assert read["seal"]  # empty for a text that was altered
    comment = written[written.rindex("<!--") + 4 : written.rindex("-->")]
    assert "--" not in comment
    assert ">" not in comment


def test_markdown_of_earlier_versions_whose_numbers_have_an_escaped_minus_is_read() -> None:
    written = as_markdown(Document("A title", "", ("en",), ()), {"left": -49.0, "least": 1e-05, "all": [-1]})
    start = written.rindex("{")
    earlier = written[:start] + written[start:-5].replace("-", "\\u002d") + written[-5:]
    assert earlier != written
    assert markdown_manifest(earlier.encode(), Path()) == markdown_manifest(written.encode(), Path())

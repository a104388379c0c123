"""The tests of a process that ends by itself are run by another one, but the one that ended it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
FINE = "def test_one(): pass\n\n\ndef test_two(): pass\n\n\ndef test_three(): pass\n\n\n"
ENDING = f"import os\n\n\n{FINE}def test_that_ends_its_process(): os._exit(3)\n\n\ndef test_after(): pass\n"


def test_of_a_process_that_ends_one_test_fails_and_all_others_are_run(tmp_path: Path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    for name in "abcdef":
        (tmp_path / f"test_{name}.py").write_text(ENDING if name == "c" else FINE)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    options = ["-n", "2", "--dist", "loadscope", "-p", "tests.together", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert re.search("1 failed, 19 passed", done.stdout), done.stdout
    assert re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE) == ["test_that_ends_its_process"]

"""What pages need is loaded when the process starts, and the product opened, before a reader asks for one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tomoni.ui.warming import needed_by

ROOT = Path(__file__).parents[2]
LOADED = """
import sys
from tomoni.ui.warming import needed_by, warm_up
warm_up(lambda: print(end="opened ")).join()
from pathlib import Path
needed = {name for page in Path("pages").glob("*.py") for name in needed_by(page)}
print(len(needed), sorted(needed - set(sys.modules)))
"""


def test_everything_that_pages_import_is_there_and_nothing_went_wrong() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    opened, count, missing = done.stdout.split(maxsplit=2)
    assert (opened, missing) == ("opened", "[]\n")
    assert int(count) > len(list((ROOT / "pages").glob("*.py")))
    assert "could not be loaded" not in done.stderr


def test_only_the_package_itself_is_loaded(tmp_path: Path) -> None:
    lines = [
        "import os",
        "from tomoni.slo import model",
        "from tomoni.ui.frame import show",
        "from pathlib import Path",
    ]
    (tmp_path / "page.py").write_text("\n".join(lines))
    assert needed_by(tmp_path / "page.py") == ["tomoni.slo", "tomoni.slo.model", "tomoni.ui.frame"]

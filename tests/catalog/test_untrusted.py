"""Whatever is written, loading tells problems and never raises."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomoni.catalog.document import meaning
from tomoni.catalog.load import load
from tomoni.catalog.yaml_file import read_document

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "config" / "apps" / "_example.yaml").read_text(encoding="utf-8").splitlines()
SOURCES = (Path(__file__).parent / "good" / "sources.yaml").read_text(encoding="utf-8").splitlines()
SETTINGS = (Path(__file__).parent / "good" / "settings.yaml").read_text(encoding="utf-8").splitlines()
ODD = st.sampled_from(
    [
        "~",
        "[]",
        "{}",
        "[1, 2]",
        "{a: b}",
        "*usual",
        "&x {<<: *x}",
        "!!set {a}",
        "'",
        "\t",
        "-1e400",
        "$window",
        "${X}",
        "\x00",
        "\u2028",
        "-0",
        ".nan",
        "<<",
        "? a",
        "> x",
        "yes",
        "99999999999999999999",
        "0x10",
        "null",
        "注文",
    ]
)


def mangled(draw: st.DrawFn, lines: list[str]) -> str:
    """A file with some of its lines left out, said twice, moved in or out, or with another value."""
    out = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(out) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del out[at]
            case 1:
                out.insert(at, out[at])
            case 2:
                out[at] = draw(st.sampled_from(["", " ", "  ", "    "])) + out[at].lstrip()
            case 3:
                out[at] = out[at].partition(":")[0] + ": " + draw(ODD)
            case _:
                cut = draw(st.integers(0, len(out[at])))
                out[at] = out[at][:cut] + draw(ODD) + out[at][cut:]
    return "\n".join(out)


@st.composite
def folders(draw: st.DrawFn) -> tuple[str, str, str]:
    return mangled(draw, EXAMPLE), mangled(draw, SOURCES), mangled(draw, SETTINGS)


@settings(max_examples=120, deadline=None)
@given(folders())
def test_mangled_files_never_raise(files: tuple[str, str, str]):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "apps").mkdir()
        app, sources, changed = files
        for path, text in (("apps/shop.yaml", app), ("sources.yaml", sources), ("settings.yaml", changed)):
            (folder / path).write_text(text, encoding="utf-8")
        catalog = load(folder, {"PASSWORD": "hush-hush", "TOKEN": "hush-hush"})
    assert "hush-hush" not in repr(catalog.problems)
    for problem in catalog.problems:
        assert all(isinstance(fact, str | int | float) for fact in problem.facts.values())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_a_fault(raw: bytes):
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(raw)
        file.flush()
        document = read_document(Path(file.name))
    assert document.data is None or not any(fault.code.startswith("yaml_syntax") for fault in document.faults)
    meaning(document.data)

"""Words can only be translated where the extraction finds them, which is not inside an f-string."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.tables import table

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / "app.py",
    *(file for room in ("pages", "tomoni") for file in sorted((ROOT / room).rglob("*.py"))),
]


def hidden(tree: ast.AST) -> list[int]:
    """The lines of calls of ``_`` or ``n_`` inside f-strings."""
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    names = [(call, getattr(call.func, "id", getattr(call.func, "attr", ""))) for call in calls]
    return [call.lineno for call, name in names if name in ("_", "n_") and isinstance(call.args[0], ast.Constant)]


def test_a_hidden_text_is_found():
    assert hidden(ast.parse("f\"{_('x')} {text._('y')}\"")) == [1, 1]


@table("file", FILES)
def test_no_text_is_hidden_in_an_f_string(file: Path):
    assert hidden(ast.parse(file.read_text())) == []

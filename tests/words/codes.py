"""Reads the codes that the program can come up with out of its source, so that none is without words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("data_sources", "ledger", "review", "catalog")


def trees(rooms: tuple[str, ...] = ROOMS) -> Iterator[ast.Module]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(path.read_text())


def made(name: str, argument: int) -> set[str]:
    """The texts that stand at one argument of every call of a name, such as ``Notice("…")``."""
    found = set()
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) == name and len(node.args) > argument:
                found |= set(texts(node.args[argument]))
    return found


def reasons() -> set[str]:
    """Every fact ``reason`` of a source's error: in a dict, or as a keyword."""
    found = made("Refusal", 0)
    for tree in trees(("data_sources",)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found |= {t for key, value in pairs if is_text(key, "reason") for t in texts(value)}
            if isinstance(node, ast.keyword) and node.arg == "reason":
                found |= set(texts(node.value))
    return found


@cache
def constants(room: str) -> frozenset[str]:
    """Every text that stands in a room's code."""
    nodes = (node for tree in trees((room,)) for node in ast.walk(tree))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be: itself, or the branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)

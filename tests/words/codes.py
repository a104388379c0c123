"""Reads the codes that the program can come up with out of its source, so that none is without words."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("data_sources", "tomoni/ledger", "tomoni/review", "tomoni/catalog", "tomoni/slo")


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


def told_pairs(classes: Mapping[str, str]) -> set[tuple[str, str]]:
    """Every (code, reason) that an adapter's source puts together: the class of an error, named in a call or a
    tuple, beside its fact ``reason``. ``classes`` maps the names of the classes to their codes."""
    found = set()
    for tree in trees(("data_sources",)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                names = [called(node), *(arg.id for arg in node.args if isinstance(arg, ast.Name))]
                beside = set(_reasons_of(node))
            elif isinstance(node, ast.Tuple):
                names = [part.id for part in node.elts if isinstance(part, ast.Name)]
                beside = {text for part in node.elts for text in texts(part)}
            else:
                continue
            found |= {(classes[name], reason) for name in names if name in classes for reason in beside if reason}
    return found


def _reasons_of(call: ast.Call) -> Iterator[str]:
    for word in call.keywords:
        if word.arg == "reason":
            yield from texts(word.value)
    for value in [*call.args, *(word.value for word in call.keywords)]:
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if is_text(key, "reason"):
                    yield from texts(item)


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

"""The measured promises of docs/architecture.md: no circle among files, short functions, small files."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

from tests.test_imports import ROOT, modules

MEDIAN_LINES, NINE_OF_TEN_LINES, MOST_LINES = 7, 16, 45
MOST_LINES_OF_A_FILE = 400
MOST_PARAMETERS = 6


def dotted(path: Path) -> str:
    """The name by which a module is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path, known: Mapping[str, Path]) -> set[Path]:
    """The files of ours that a module imports as it is loaded; what a function imports later does not count."""
    found: set[Path] = set()
    for node in ast.parse(path.read_text()).body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else str(node.module) for name in names]
        found |= {known[name] for name in names if name in known}
    return found - {path}


@cache
def functions() -> tuple[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef], ...]:
    """Every function and method of the product with where it is."""
    return tuple(
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from its name to its end, with its docstring."""
    return (function.end_lineno or 0) - function.lineno + 1


def test_no_files_import_each_other_in_a_circle() -> None:
    known = {dotted(path): path for path in modules()}
    try:
        TopologicalSorter({path: imports_of(path, known) for path in known.values()}).prepare()
    except CycleError as error:
        circle = " -> ".join(str(path.relative_to(ROOT)) for path in error.args[1])
        raise AssertionError(f"these files import each other: {circle}") from None


def test_functions_are_short() -> None:
    lengths = {name: lines_of(function) for name, function in functions()}
    longest = max(lengths, key=lengths.__getitem__)
    assert median(lengths.values()) <= MEDIAN_LINES
    assert quantiles(lengths.values(), n=10)[-1] <= NINE_OF_TEN_LINES
    assert lengths[longest] <= MOST_LINES, f"{longest} has {lengths[longest]} lines"


def test_no_file_is_long() -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules() if (n := p.read_text().count("\n")) > MOST_LINES_OF_A_FILE}
    assert not long


def test_no_function_has_many_parameters() -> None:
    for name, function in functions():
        arguments = function.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        assert len([each for each in names if each not in ("self", "cls")]) <= MOST_PARAMETERS, name


def test_the_files_that_the_documentation_names_exist() -> None:
    pages = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    named = {
        name
        for page in pages
        for name in re.findall(r"`((?:tomoni|data_sources|pages|tests)/[a-z_/]+\.py)`", page.read_text())
    }
    assert not sorted(name for name in named if not (ROOT / name).exists())

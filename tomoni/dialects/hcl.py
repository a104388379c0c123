"""HCL, the language of Terraform, as writers make it: blocks, and texts that stay what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

_ARGUMENT = re.compile(r"\w+ *= ")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def quoted_hcl(text: str) -> str:
    """A text as a quoted one: without templates, and with escapes for what is not printed."""
    plain = "".join(_SHORT.get(each) or (each if each.isprintable() else _escape(each)) for each in text)
    return '"' + plain.replace("${", "$${").replace("%{", "%%{") + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def name_of(words: str) -> str:
    """The name of a resource."""
    return re.sub(r"[^a-z0-9_]", "_", words.lower())


def block(head: str, body: Sequence[str]) -> list[str]:
    """A block: its head, and its lines one level deeper, as `terraform fmt` has them."""
    return [f"{head} {{", *(f"  {line}" if line else "" for line in _aligned(body)), "}"]


def _aligned(body: Sequence[str]) -> Iterator[str]:
    """Lines in which the values of arguments that follow each other begin in the same column."""
    for are_arguments, run in groupby(body, lambda line: _ARGUMENT.match(line) is not None):
        lines = list(run)
        if not are_arguments:
            yield from lines
            continue
        pairs = [(name.strip(), value.strip()) for name, value in (line.split("=", 1) for line in lines)]
        longest = max(len(name) for name, _ in pairs)
        yield from (f"{name.ljust(longest)} = {value}" for name, value in pairs)

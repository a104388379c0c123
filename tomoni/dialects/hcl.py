"""HCL, the language of Terraform, as writers make it: blocks, and texts that stay what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    """A block: its head, and its lines one level deeper."""
    return [f"{head} {{", *(f"  {line}" if line else "" for line in body), "}"]

"""Texts as YAML scalars that every parser reads the same, whatever is in them."""

from __future__ import annotations

from collections.abc import Mapping

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def quoted_yaml(text: str) -> str:
    """A text as a quoted scalar: in single quotes, as queries are full of double ones, unless it needs escapes."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_SHORT.get(each) or _escape(each) for each in text) + '"'


def _escape(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def mapping_lines(mapping: Mapping[str, str], indent: str) -> list[str]:
    """A mapping of texts, a line each; its names are plain or quoted as they need it."""
    return [f"{indent}{_key(name)}: {quoted_yaml(value)}" for name, value in mapping.items()]


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() and name.lower() not in _WORDS else quoted_yaml(name)


_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def comment_lines(text: str, indent: str = "") -> list[str]:
    """A text as one comment, whatever would end a line in it."""
    one = text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)
    return [f"{indent}# {' '.join(one.split())}"]

"""Several files of a dialect as one document, where its tool reads one."""

from __future__ import annotations

from collections.abc import Mapping

_GROUPS = "groups:\n"


def joined(system: str, files: Mapping[str, str]) -> str | None:
    """The files in one, each below its name where there are several; None where the tool reads no such thing."""
    if len(files) < 2:
        return "".join(files.values())
    if system == "rules":
        return _rules(files)
    if all(name.endswith((".yaml", ".tf")) for name in files):
        between = "---\n" if all(name.endswith(".yaml") for name in files) else ""
        return between.join(f"# {name}\n{content}" for name, content in files.items())
    return None


def _rules(files: Mapping[str, str]) -> str:
    """One file of all groups: what stands above them in each file is a comment."""
    groups = []
    for name, content in files.items():
        head, _, body = content.partition(_GROUPS)
        groups.append(f"# {name}\n{head}{body}")
    return _GROUPS + "".join(groups)

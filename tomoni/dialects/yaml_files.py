"""YAML documents as writers make them: the same values give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import yaml

from tomoni.dialects.report import Line
from tomoni.dialects.written import Target
from tomoni.dialects.yaml_text import comment_lines


class _Dumper(yaml.SafeDumper):
    """Writes decimals as they are, and no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Writes everything out."""
        return True


def _decimal(dumper: _Dumper, number: Decimal) -> yaml.ScalarNode:
    whole = number == number.to_integral_value()
    text = f"{number:.0f}" if whole else f"{number.normalize():f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'int' if whole else 'float'}", text)


_Dumper.add_representer(Decimal, _decimal)


def yaml_text(document: Mapping[str, object]) -> str:
    """One document."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def with_remarks(head: str, lines: Sequence[Line], target: Target, body: str) -> str:
    """A file below comments: what it is, and what it does not hold."""
    told = [f"{line.what}: {target.remark(line)}" for line in lines if line.reason]
    return "\n".join([*(each for text in (head, *told) for each in comment_lines(text)), body])


def without_empty(keys: Mapping[str, object]) -> dict[str, object]:
    """Keys that say something."""
    return {key: value for key, value in keys.items() if value is not None and value not in ("", {}, [])}

"""An app from another tool's files as YAML, with comments that say where each SLO came from and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from textwrap import wrap
from typing import Any

import yaml

from tomoni.dialects.apps import NewApp, NewJourney, NewSlo
from tomoni.dialects.report import REFUSED, Fate
from tomoni.words.dialects import why
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_WIDTH = 100


class _Dumper(yaml.CSafeDumper):
    """Writes decimals as they were written, and short mappings on one line."""

    def ignore_aliases(self, data: object) -> bool:
        """Writes everything out: anchors that nobody named are hard to read."""
        return True


class _Block(dict[str, object]):
    """A mapping with a line for each key, however short."""


def _decimal(dumper: _Dumper, number: Decimal) -> yaml.ScalarNode:
    kind = "int" if number == number.to_integral_value() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{number.normalize():f}")


def _mapping(dumper: _Dumper, mapping: Mapping[str, Any]) -> yaml.MappingNode:
    short = all(not isinstance(value, Mapping | list) for value in mapping.values()) and len(str(mapping)) < _WIDTH
    inline = short and "source" not in mapping and "expr" not in mapping
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping, flow_style=inline)


def _list(dumper: _Dumper, items: list[Any]) -> yaml.SequenceNode:
    inline = all(not isinstance(item, Mapping | list) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=inline)


def _block(dumper: _Dumper, mapping: _Block) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping, flow_style=False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Texts of several lines stay readable as blocks, where a block holds every character of them.
    if "\n" in text and text == "\n".join(line.rstrip() for line in text.replace("\t", "    ").strip().splitlines()):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(_Block, _block)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(str, _text)


def imported_text(app: NewApp, dialect: str, text: Text) -> str:
    """The text of an app's file. ``dialect`` is the name of the command line."""
    head = text._("Written by %(command)s; from now on this file is yours.")
    lines = [
        "# " + head % {"command": f"python cli.py import {dialect}"},
        *_keys({"app": app.id, **app.keys}),
        "journeys:",
    ]
    shared = _Shared(app)
    for journey in app.journeys:
        lines += _journey(journey, shared, text)
    return "\n".join(lines) + "\n"


class _Shared:
    """The SLIs that several SLOs of an app have: written once, with an anchor, and named by the others."""

    def __init__(self, app: NewApp) -> None:
        count = Counter(repr(slo.keys.get("sli")) for slo in app.slos.values())
        self._several = {sli for sli, n in count.items() if n > 1}
        self._anchors: dict[str, str] = {}

    def lines(self, sli: object, anchor: str) -> list[str]:
        """The lines of an SLI in the keys of its SLO."""
        found = repr(sli)
        if found in self._anchors:
            return [f"sli: *{self._anchors[found]}"]
        first, *others = _keys({"sli": sli})
        if found not in self._several:
            return [first, *others]
        self._anchors[found] = anchor
        return [first.replace("sli:", f"sli: &{anchor}", 1), *others]


def _journey(journey: NewJourney, shared: _Shared, text: Text) -> list[str]:
    lines = [*_item(_keys({"id": journey.id, **journey.keys})), "  slos:"]
    for slo in journey.slos:
        written = [*_comments(slo, text), *_item(_slo(slo, shared, f"{journey.id}-{slo.id}"))]
        lines += [f"    {line}" if line else "" for line in written]
    return [f"  {line}" if line else "" for line in lines]


def _slo(slo: NewSlo, shared: _Shared, anchor: str) -> list[str]:
    """The keys of an SLO, its SLI last."""
    own = {key: value for key, value in slo.keys.items() if key != "sli"}
    return [*_keys({"id": slo.id, **own}), *(shared.lines(slo.keys["sli"], anchor) if "sli" in slo.keys else [])]


def _item(lines: list[str]) -> list[str]:
    """The lines of a mapping in a list."""
    return [("- " if n == 0 else "  ") + line if line else "" for n, line in enumerate(lines)]


def _comments(slo: NewSlo, text: Text) -> list[str]:
    found = slo.found
    spot = found.reading.document.spot(found.place)
    came = text._("From %(place)s.") % {"place": plain(f"{spot.file}:{max(spot.line, 1)}")}
    lines = [line for place in (found.place, *found.beside) for line in found.reading.of(place)]
    differing = [line for line in lines if line.fate is Fate.APPROXIMATED or line.reason in REFUSED]
    remarks = [came, *dict.fromkeys(why(line, text) for line in differing)]
    return [f"# {line}" for remark in remarks for line in wrap(remark, _WIDTH)]


def _keys(keys: Mapping[str, object]) -> list[str]:
    dumped = yaml.dump(_Block(keys), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return dumped.rstrip("\n").split("\n")

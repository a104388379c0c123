"""From Google's own services and SLOs to app files; pure: values in, YAML text out.

One service becomes one app with one journey. Objective and window are written as Google keeps them,
so that the file reads like any other; the counts stay Google's (``sli: {slo: …}``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from data_sources.base import NativeDefinition
from data_sources.cloud_monitoring.slos import ServiceEntry
from data_sources.durations import format_duration
from tomoni.catalog.values import MAX_ID
from tomoni.slo.model import CalendarWindow, RollingWindow, Window

_HOUR = 3600
DEFAULT_BUCKET_SECONDS = 300
_HEAD = """\
# Written by: python cli.py import gcp --project {project}
# From the service {service}
# The counts, and so the figures, are Google's own; nothing is changed at Google.
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An SLO that has no counterpart here. Reasons: ``period`` (Google's period), ``window`` (the length
    of a windows-based SLO's windows, which is no bucket), ``length`` (a rolling period that is not made
    of whole buckets)."""

    slo: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class AppFile:
    """One app file: its name, its text, how many SLOs it holds, and what was left out."""

    name: str
    text: str
    slos: int
    left_out: tuple[LeftOut, ...]


def app_files(chosen: Mapping[ServiceEntry, Sequence[NativeDefinition]], source: str) -> tuple[AppFile, ...]:
    """The files for the chosen SLOs of each service; a service without any usable SLO has none.

    ``source`` is the id of the Cloud Monitoring source in ``sources.yaml``.
    """
    ids = _unique(list(chosen))
    files = (_app_file(app, service, chosen[service], source) for app, service in zip(ids, chosen, strict=True))
    return tuple(file for file in files if file.slos or file.left_out)


def _app_file(app: str, service: ServiceEntry, slos: Sequence[NativeDefinition], source: str) -> AppFile:
    left_out = tuple(reason for slo in slos if (reason := _unfit(slo)))
    taken = [slo for slo in slos if not _unfit(slo)]
    title = _title(service.title, service.name)
    ids = _unique(taken)
    entries = [_slo(slo_id, slo, source) for slo_id, slo in zip(ids, taken, strict=True)]
    body: dict[str, Any] = {"app": app, "title": title}
    if any(isinstance(slo.window, CalendarWindow) for slo in taken):
        body["timezone"] = "UTC"  # the zone in which Google's calendar periods are taken to begin
    body["journeys"] = [{"id": app, "title": title, "slos": entries}]
    head = _HEAD.format(project=service.name.split("/")[1], service=_plain(service.name))
    text = head + yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=120)
    return AppFile(f"{app}.yaml", text, len(taken), left_out)


def _slo(slo_id: str, slo: NativeDefinition, source: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": slo_id, "title": _title(slo.title, slo.name), "objective": _number(slo)}
    if slo.window is not None:
        entry["window"] = _window(slo.window)
    if slo.slice_seconds:
        entry["bucket"] = format_duration(slo.slice_seconds)
    entry["sli"] = {"source": source, "slo": slo.name}
    return entry


def _unfit(slo: NativeDefinition) -> LeftOut | None:
    if slo.window is None:
        return LeftOut(slo.name, "period", slo.period)
    length = slo.slice_seconds
    if length and (length % 60 or _HOUR % length):
        # Counts of windows cannot be put into buckets of another length.
        return LeftOut(slo.name, "window", format_duration(length))
    if isinstance(slo.window, RollingWindow) and slo.window.seconds % (length or DEFAULT_BUCKET_SECONDS):
        return LeftOut(slo.name, "length", format_duration(slo.window.seconds))
    return None


def _window(window: Window) -> str | dict[str, str]:
    if isinstance(window, CalendarWindow):
        return {"calendar": window.unit.value}
    return format_duration(window.seconds) if window.seconds % 86_400 else f"{window.seconds // 86_400}d"


def _number(slo: NativeDefinition) -> int | float:
    """The objective as it reads best in YAML: 99.9, and 99 without a fraction."""
    percent = slo.objective.percent.normalize()
    return int(percent) if percent == percent.to_integral_value() else float(Decimal(str(percent)))


def _title(title: str, name: str) -> str:
    return _plain(title) or name.rsplit("/", 1)[1]


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _unique(named: Sequence[ServiceEntry | NativeDefinition]) -> list[str]:
    """An id for each, from its title or else Google's own id; a number makes a second one differ."""
    ids: list[str] = []
    for one in named:
        base = _slug(one.title) or _slug(one.name.rsplit("/", 1)[1]) or "slo"
        numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(named) + 2))
        ids.append(next(candidate for candidate in numbered if candidate not in ids))
    return ids


def _slug(text: str) -> str:
    """Lower case, digits and hyphens, with room for a number behind."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: MAX_ID - 5].strip("-")

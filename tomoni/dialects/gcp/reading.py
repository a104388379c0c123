"""Reading Google's native SLOs from files: the API's JSON, of one SLO, a list, or a page of them.

An SLO with its full name keeps Google's own counts, as ``import gcp --project`` has it. One that was not created yet
has filters, which are asked themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data_sources.durations import format_duration
from data_sources.prometheus.division import on_one_line
from tomoni.catalog.document import Document
from tomoni.catalog.values import BUCKET_MINUTES
from tomoni.dialects.common import items_of, kind_of, objective_of, range_of, without_empty
from tomoni.dialects.found import FoundApp, FoundSlo, Imported, Wanted
from tomoni.dialects.reading import CannotHold, Given, Reading
from tomoni.dialects.report import Fate

TITLE = "Google Cloud"
_NAME = re.compile(r"projects/[^/]+/services/([^/]+)/serviceLevelObjectives/([^/]+)")
_CALENDAR = {"DAY": "day", "WEEK": "week", "MONTH": "month"}
_FORTNIGHT = "2w"
_PARTS = {"goodServiceFilter": "good", "badServiceFilter": "bad", "totalServiceFilter": "total"}
Sli = dict[str, object]


def read(documents: Sequence[Document], wanted: Wanted) -> Imported:
    """The SLOs of answers of Google's API."""
    readings = [Reading(document) for document in documents]
    items = [slo for reading in readings for item in items_of(reading.root) for slo in _slos_of(item)]
    found = [slo for item in items if (slo := _slo(item, wanted)) is not None]
    calendars = {slo.app: slo for slo in found if isinstance(slo.keys.get("window"), dict)}
    # The zone in which Google's calendar periods are taken to begin.
    apps = tuple(FoundApp(app, {"timezone": "UTC"}) for app in calendars)
    return Imported(tuple(found), tuple(readings), apps)


def _slos_of(item: Given) -> list[Given]:
    if isinstance(item.data.get("serviceLevelObjectives"), list):
        item.ignore("bookkeeping", "nextPageToken")
        return item.each("serviceLevelObjectives")
    if not item.has("goal"):
        item.reading.say(item.place, Fate.IGNORED, "other_kind", dialect=TITLE, found=kind_of(item))
        return []
    return [item]


def _slo(item: Given, wanted: Wanted) -> FoundSlo | None:
    try:
        title, name = item.text("displayName"), item.text("name")
        native = _NAME.fullmatch(name or "")
        indicator = item.needed_inside("serviceLevelIndicator")
        keys: dict[str, object] = {
            "title": title,
            "objective": objective_of(item, "goal", ratio=True),
            "window": _window(item),
            **_bucket(indicator),
            "labels": item.texts("userLabels"),
            "sli": {"source": wanted.source_of("cloud_monitoring", ""), **_sli(item, indicator, native is not None)},
        }
        item.ignore("bookkeeping", "etag")
    except CannotHold as why:
        item.reading.leave_out(item.place, why)
        return None
    service = native[1] if native else "google"
    id_ = title or (native[2] if native else "") or "slo"
    return FoundSlo(wanted.app or service, service, id_, without_empty(keys), item.reading, item.place)


def _window(item: Given) -> object:
    if item.has("calendarPeriod"):
        period = item.needed("calendarPeriod")
        if period == "FORTNIGHT":
            item.say("calendarPeriod", Fate.APPROXIMATED, "calendar_as_rolling", written=period, length=_FORTNIGHT)
            return _FORTNIGHT
        if period not in _CALENDAR:
            raise item.cannot("calendarPeriod", "calendar_period", written=period[:40])
        return {"calendar": _CALENDAR[period]}
    return format_duration(_seconds(item, "rollingPeriod"))


def _seconds(given: Given, key: str) -> int:
    """A length as the API has it: ``2419200s``. Raises CannotHold."""
    written = given.needed(key)
    number = written.removesuffix("s")
    if not number.isdecimal() or int(number) == 0:
        raise given.cannot(key, "duration", key=key, written=written[:40])
    return int(number)


def _bucket(indicator: Given) -> dict[str, object]:
    """The bucket of an SLO of windows: their length. Raises CannotHold."""
    windows = indicator.inside("windowsBased")
    if windows is None:
        return {}
    seconds = _seconds(windows, "windowPeriod") if windows.has("windowPeriod") else 300
    if seconds % 60 or seconds // 60 not in BUCKET_MINUTES:
        raise windows.cannot("windowPeriod", "slice_length", written=str(windows.data["windowPeriod"]))
    return {} if seconds == 300 else {"bucket": format_duration(seconds)}


def _sli(item: Given, indicator: Given, native: bool) -> Sli:
    if native:
        indicator.reading.say(indicator.place, Fate.EXACT)
        return {"slo": item.needed("name")}
    requests = indicator.inside("requestBased")
    if requests is None:
        raise CannotHold(indicator.place, "only_native").in_document(indicator.reading.document)
    if ratio := requests.inside("goodTotalRatio"):
        return {role: on_one_line(ratio.needed(key)) for key, role in _PARTS.items() if ratio.has(key)}
    cut = requests.needed_inside("distributionCut")
    range_ = cut.needed_inside("range")
    return {"distribution": on_one_line(cut.needed("distributionFilter")), **range_of(range_, "min", "max")}

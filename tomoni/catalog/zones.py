"""Time zones as users write them: the names of the IANA, and what was probably meant by anything else."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code, nearest
from tomoni.catalog.document import Document, Place
from tomoni.catalog.secrets import short
from tomoni.catalog.values import fail, text_of

# What the files of a system offer besides, which is another zone on another machine, or none.
_OF_THE_MACHINE = re.compile(r"(posix|right)/.*|localtime|posixrules|Factory")
# Abbreviations that people write and that stand for one place; nothing is guessed from the letters of others.
_ABBREVIATIONS = {
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "SGT": "Asia/Singapore",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "EDT": "America/New_York",
    "CEST": "Europe/Berlin",
    "AEST": "Australia/Brisbane",
}
# Names of the IANA that read as the clocks of a place and are one offset all year, and what most who write them mean.
_WITHOUT_SUMMER = {"EST": ("UTC-5", "America/New_York"), "MST": ("UTC-7", "America/Denver")}
_A_NAME = re.compile(r"[A-Za-z_/ -]{5,}")


@cache
def _is_zone(name: str) -> bool:
    if _OF_THE_MACHINE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; no relative path; a folder such as "Asia"
        return False
    return True


def _nearest_zone(name: str) -> str:
    """The time zone that was probably meant: by its abbreviation, by its city alone, or nearly the same name."""
    if meant := _ABBREVIATIONS.get(name.strip().upper()):
        return meant
    zones = sorted(zone for zone in available_timezones() if _is_zone(zone))
    if same := [zone for zone in zones if zone.lower() == name.strip().lower()]:
        return same[0]
    city = name.strip().replace(" ", "_").lower()
    by_city = [zone for zone in zones if zone.lower().rpartition("/")[2] == city and "/" in zone]
    if by_city:
        return by_city[0]
    return nearest(name, zones) if _A_NAME.fullmatch(name.strip()) else ""


def _read_zone(written: object) -> str:
    name = text_of(written)
    if not _is_zone(name):
        fail(Code.BAD_TIMEZONE, written=short(name), nearest=_nearest_zone(name))
    return name


def note_misread(document: Document, place: Place, zone: str) -> None:
    """Notes a zone that is not what its name says: Etc/GMT+9 is nine hours behind UTC, EST has no summer."""
    if zone in _WITHOUT_SUMMER:
        offset, meant = _WITHOUT_SUMMER[zone]
        document.note(place, Code.ZONE_HAS_NO_SUMMER, written=zone, offset=offset, meant=meant)
    if found := re.fullmatch(r"Etc/GMT([+-])([1-9]\d?)", zone):
        offset = f"UTC{'-' if found[1] == '+' else '+'}{found[2]}"
        document.note(place, Code.ZONE_IS_TURNED, written=zone, offset=offset)


# An IANA time zone.
Zone = Annotated[str, PlainValidator(_read_zone), WithJsonSchema({"type": "string", "examples": ["Asia/Tokyo", "UTC"]})]

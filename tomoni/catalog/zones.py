"""IANA time zones by name."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tomoni.catalog.codes import nearest


@cache
def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; no relative path; a folder such as "Asia"
        return False
    return True


def nearest_zone(name: str) -> str:
    """The time zone that was probably meant: by its city alone, or nearly the same name."""
    zones = sorted(available_timezones())
    city = name.strip().replace(" ", "_").lower()
    by_city = [zone for zone in zones if zone.lower().rpartition("/")[2] == city and "/" in zone]
    return by_city[0] if by_city else nearest(name, zones)

"""What was probably meant by a length of time that is written in another way."""

from __future__ import annotations

import re
import unicodedata

from data_sources.durations import parse_duration

_WORDS = (
    (r"milliseconds?|msecs?|ミリ秒", "ms"),
    (r"seconds?|secs?|秒間?", "s"),
    (r"minutes?|mins?|分間?", "m"),
    (r"hours?|hrs?|時間", "h"),
    (r"days?|日間?", "d"),
    (r"weeks?|wks?|週間?", "w"),
)
_ISO = re.compile(r"p(?=.)(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?")
_CALENDAR = (
    (r"(1|a|one)?\s*(months?|monthly|mon|mo|か月|ヶ月|カ月|月)|P?1M", "month"),
    (r"(1|a|one)?\s*(quarters?|quarterly|q|四半期)|3\s*(months|mo|か月)|P?3M", "quarter"),
    (r"(1|a|one)?\s*(years?|yearly|annual(ly)?|yr|y|年)|12\s*(months|mo|か月)|P?12M|P1Y", "year"),
    (r"weekly|週", "week"),
    (r"daily|日", "day"),
)


def meant_length(text: str) -> str:
    """``30 days``, ``P28D``, ``５ｍｉｎ`` and ``0,5h`` as they are written here; empty where nothing is near."""
    plain = re.sub(r"(?<=\d),(?=\d)", ".", unicodedata.normalize("NFKC", text).strip().lower())
    if found := _ISO.fullmatch(plain):
        plain = "".join(number + unit for number, unit in zip(found.groups(), "wdhms", strict=True) if number)
    for words, unit in _WORDS:
        plain = re.sub(rf"(?<=[\d\s])(?:{words})(?![a-z])", unit, plain)
    plain = re.sub(r"\s+|,|and", "", plain)
    try:
        return plain if parse_duration(plain) > 0 else ""
    except ValueError:
        return ""


def meant_calendar(text: str) -> str:
    """The calendar window that a word such as ``month``, ``1mo`` or ``quarterly`` means; empty for any other."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for words, unit in _CALENDAR:
        if re.fullmatch(words, plain) or re.fullmatch(words, plain.lower()):
            return f"{{calendar: {unit}}}"
    return ""

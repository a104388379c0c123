"""Languages: translation, and every rounding and writing of a number, a length of time or a moment.

The sources are English sentences; `locales/<language>/LC_MESSAGES/tomoni.po` translates them and is
read as it is, once, when the language is first used. What has no translation is shown in English.
Babel is imported when the first number or date is written, so that plain JSON never pays for it.

Times are Unix seconds, ratios 0 to 1. None and NaN are written "—".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tomoni.languages import LANGUAGES, SOURCE_LANGUAGE

LOCALES = Path(__file__).parent / "locales"
NOTHING = "—"
MOST_DECIMALS = 8
LARGEST_PLAIN = 10**15


def mark(msgid: str) -> str:
    """The msgid itself: marks a text of a table for extraction; `Text._` translates it later."""
    return msgid


@lru_cache(maxsize=512)
def text_for(language: str, zone: str = "UTC") -> Text:
    """The texts of a language with times of an IANA zone; an unknown language is shown in English.

    Raises zoneinfo.ZoneInfoNotFoundError or ValueError for a zone that does not exist.
    """
    known = language if language in LANGUAGES else SOURCE_LANGUAGE
    return Text(known, zone)


@lru_cache(maxsize=8)
def _translations(language: str) -> Mapping[str, str]:
    """The translations of a language by msgid; those still to be looked at (fuzzy) are left out."""
    file = LOCALES / language / "LC_MESSAGES" / "tomoni.po"
    if language == SOURCE_LANGUAGE or not file.exists():
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - English never pays for it

    with file.open("rb") as lines:
        catalog = read_po(lines, locale=language)
    found: dict[str, str] = {}
    for message in catalog:
        if not message.fuzzy:
            found[_first(message.id)] = _first(message.string)
    return {msgid: words for msgid, words in found.items() if msgid and words}


def _first(forms: object) -> str:
    """The text itself, or the first of its plural forms."""
    return forms if isinstance(forms, str) else str(next(iter(forms), "")) if isinstance(forms, Sequence) else ""


# Babel's patterns of a moment and its parts; the zone's name is put behind by hand.
_PATTERNS = {
    "en": {
        "moment": "d MMM y, HH:mm",
        "clock": "HH:mm",
        "day": "d MMM y",
        "short_day": "d MMM",
        "near": "d MMM, HH:mm",
    },
    "ja": {
        "moment": "y年M月d日 HH:mm",
        "clock": "HH:mm",
        "day": "y年M月d日",
        "short_day": "M月d日",
        "near": "M月d日 HH:mm",
    },
}
_DURATION_UNITS = (
    (86_400, mark("%(n)s d")),
    (3600, mark("%(n)s h")),
    (60, mark("%(n)s min")),
    (1, mark("%(n)s s")),
)
_BYTE_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


class Text:
    """The texts, numbers and times of one language and one time zone. Immutable; safe to share."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.zone = zone
        self._tz: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)

    # Words

    def _(self, msgid: str) -> str:
        """The translation of an English text, or the text itself."""
        return _translations(self.language).get(msgid, msgid)

    def n_(self, singular: str, plural: str, n: float) -> str:
        """The translation of a text about ``n`` things; English has two forms, Japanese one."""
        translated = _translations(self.language).get(singular)
        return translated or (singular if n == 1 else plural)

    def join(self, parts: Sequence[str]) -> str:
        """A list in words: "a, b and c", 「a、b、c」."""
        if len(parts) < 2 or self.language == "ja":
            return "、".join(parts) if self.language == "ja" else "".join(parts)
        return self._("%(most)s and %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}

    def listed(self, parts: Sequence[str]) -> str:
        """Parts one after the other without a last word: "a, b, c", 「a、b、c」."""
        return ("、" if self.language == "ja" else ", ").join(parts)

    def sentences(self, *parts: str) -> str:
        """Sentences one after the other, empty ones left out; Japanese puts no space between them."""
        return ("" if self.language == "ja" else " ").join(part for part in parts if part)

    # Numbers

    def number(self, x: float | None, digits: int | None = None) -> str:
        """A number with ``digits`` decimals; without, as many as show three significant digits."""
        if x is None or math.isnan(x):
            return NOTHING
        if math.isinf(x):
            return "∞" if x > 0 else "-∞"
        if digits is not None:
            return self._fixed(x, digits, digits)
        size = abs(x)
        whole_digits = math.floor(math.log10(size)) + 1 if size else 1
        return self._fixed(x, 0, min(MOST_DECIMALS, max(0, 3 - whole_digits)))

    def count(self, x: float | None) -> str:
        """A number of things: whole from 100 on, since counts of a counter's increase have fractions."""
        if x is None or math.isnan(x):
            return NOTHING
        return self._fixed(x, 0, 0 if abs(x) >= 100 else 1)

    def percent(self, ratio: float | None, digits: int | None = None) -> str:
        """A ratio in percent with ``digits`` decimals; without, as many as it takes.

        Near 100 % the shortfall keeps two digits (99.9934 %), so that what is not all is never
        shown as 100 %. Elsewhere one decimal from 10 % on, two below.
        """
        if ratio is None or math.isnan(ratio):
            return NOTHING
        value = Decimal(repr(float(ratio))) * 100
        if digits is not None:
            return self._percent(value, digits, digits)
        if 99 <= value < 100:
            return self._percent(value, 0, _shortfall_digits(value))
        return self._percent(value, 0, 1 if abs(value) >= 10 else 2)

    def sli(self, ratio: float | None) -> str:
        """An SLI in percent: at least two decimals, more near 100 %, which only 1 itself reaches."""
        if ratio is None or math.isnan(ratio):
            return NOTHING
        value = Decimal(repr(float(ratio))) * 100
        return self._percent(value, 2, max(2, _shortfall_digits(value)))

    def objective(self, percent: Decimal | None) -> str:
        """An objective exactly as it was written: "99.9%"."""
        if percent is None:
            return NOTHING
        plain = percent.normalize()
        decimals = max(0, -int(plain.as_tuple().exponent))
        return self._fixed(plain, decimals, decimals) + "%"

    def budget(self, remaining: float | None) -> str:
        """A share of an error budget: whole percent from 10 % on, one decimal below, "<0.1%" for a rest."""
        if remaining is None or math.isnan(remaining):
            return NOTHING
        value = Decimal(repr(float(remaining))) * 100
        if 0 < value < Decimal("0.1"):
            return "<" + self._percent(Decimal("0.1"), 1, 1)
        return self._percent(value, 0, 0 if abs(value) >= 10 else 1)

    def points(self, difference: float | None) -> str:
        """A difference of two percentages, in points with its sign: "+3", "-44"."""
        if difference is None or math.isnan(difference):
            return NOTHING
        shown = self._fixed(difference * 100, 0, 0 if abs(difference) >= 0.1 else 1)
        return shown if shown.startswith("-") or shown == "0" else "+" + shown

    def burn(self, rate: float | None) -> str:
        """A burn rate as a factor: "0.32×", "14.4×"; "<0.01×" for what is not nothing."""
        if rate is None or math.isnan(rate):
            return NOTHING
        if 0 < rate < 0.005:
            return f"<{self.number(0.01, 2)}×"
        decimals = 2 if rate < 9.995 else 1 if rate < 99.95 else 0
        return self.number(rate, decimals if rate else 0) + "×"

    def quantity(self, x: float | None, unit: str) -> str:
        """A value of an infra signal in its unit (`catalog.schema.Unit`), in a size that reads well."""
        if x is None or math.isnan(x):
            return NOTHING
        if unit in ("ratio", "percent"):
            return self.percent(x if unit == "ratio" else x / 100)
        if unit == "seconds":
            return self._seconds(x)
        if unit == "bytes":
            return self._bytes(x)
        return self._("%(n)s/s") % {"n": self.number(x)} if unit == "per_second" else self.number(x)

    # Lengths of time

    def duration(self, seconds: float | None) -> str:
        """A length of time in its two largest units: "45 s", "40 min", "2 h 5 min", "28 d"."""
        if seconds is None or math.isnan(seconds):
            return NOTHING
        whole = round(abs(seconds))
        if whole == 0:
            return self._seconds(seconds)
        whole = round(whole / 60) * 60 if whole >= 3600 else whole
        whole = round(whole / 3600) * 3600 if whole >= 86_400 else whole
        parts = []
        for size, unit in _DURATION_UNITS:
            if whole >= size:
                parts.append(self._(unit) % {"n": self.number(whole // size, 0)})
                whole %= size
        return ("-" if seconds < 0 else "") + ("" if self.language == "ja" else " ").join(parts[:2])

    def ago(self, seconds: float) -> str:
        """How long ago something was: "just now", "2 minutes ago", "3 days ago"."""
        if seconds < 60:
            return self._("just now")
        if seconds < 3600:
            n = int(seconds // 60)
            return self.n_("%(n)s minute ago", "%(n)s minutes ago", n) % {"n": n}
        if seconds < 2 * 86_400:
            n = int(seconds // 3600)
            return self.n_("%(n)s hour ago", "%(n)s hours ago", n) % {"n": n}
        n = int(seconds // 86_400)
        return self.n_("%(n)s day ago", "%(n)s days ago", n) % {"n": n}

    # Moments

    def moment(self, unix: float | None) -> str:
        """A moment in the reader's zone, named: "18 Nov 2026, 10:00 JST"."""
        return NOTHING if unix is None else f"{self._when(unix, 'moment')} {self.zone_name(unix)}"

    def near_moment(self, unix: float | None) -> str:
        """A moment of these weeks, without its year: "18 Nov, 10:00 JST"."""
        return NOTHING if unix is None else f"{self._when(unix, 'near')} {self.zone_name(unix)}"

    def clock(self, unix: float | None) -> str:
        """The time of day: "10:00 JST"."""
        return NOTHING if unix is None else f"{self._when(unix, 'clock')} {self.zone_name(unix)}"

    def day(self, unix: float | None, year: bool = True) -> str:
        """The day: "18 Nov 2026", or "18 Nov" without the year."""
        return NOTHING if unix is None else self._when(unix, "day" if year else "short_day")

    def span(self, start: float, end: float) -> str:
        """From one moment to another: "18 Nov 2026, 10:00–11:30 JST", "21 Oct, 10:00 – 18 Nov 2026, 10:00 JST"."""
        first, last = self._at(start), self._at(end)
        dash = "～" if self.language == "ja" else " – "
        zones = self.zone_name(start), self.zone_name(end)
        if first.date() == last.date() and zones[0] == zones[1]:
            close = "～" if self.language == "ja" else "–"
            return f"{self._when(start, 'moment')}{close}{self._when(end, 'clock')} {zones[1]}"
        begins = "near" if first.year == last.year and self.language != "ja" else "moment"
        ends = "near" if first.year == last.year and self.language == "ja" else "moment"
        opening = self._when(start, begins) + ("" if zones[0] == zones[1] else f" {zones[0]}")
        return f"{opening}{dash}{self._when(end, ends)} {zones[1]}"

    def near_span(self, start: float, end: float) -> str:
        """A span of these weeks where the zone is named nearby: "18 Nov, 10:00–11:30"."""
        same = self._at(start).date() == self._at(end).date()
        close = ("～" if same else " ～ ") if self.language == "ja" else ("–" if same else " – ")
        return f"{self._when(start, 'near')}{close}{self._when(end, 'clock' if same else 'near')}"

    def zone_name(self, unix: float) -> str:
        """The name of the zone at a moment: "JST", "UTC", "UTC+04"."""
        name = self._at(unix).tzname() or self.zone
        return f"UTC{name}" if name[:1] in "+-" else name

    # How it is done

    def _at(self, unix: float) -> datetime:
        return datetime.fromtimestamp(unix, UTC).astimezone(self._tz)

    def _when(self, unix: float, pattern: str) -> str:
        from babel.dates import format_datetime  # noqa: PLC0415 - see the module's text

        # The wall clock is handed over without its zone: Babel would look the zone up once more.
        wall = self._at(unix).replace(tzinfo=None)
        return str(format_datetime(wall, _PATTERNS[self.language][pattern], locale=self.language))

    def _fixed(self, x: float | Decimal, least: int, most: int) -> str:
        from babel.numbers import format_decimal  # noqa: PLC0415 - see the module's text

        exact = x if isinstance(x, Decimal) else Decimal(repr(float(x)))
        if abs(exact) >= LARGEST_PLAIN:
            return f"{exact:.3g}"
        rounded = exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_EVEN)
        decimals = ("." + "0" * least + "#" * (most - least)) if most else ""
        # abs() of a zero takes the sign away that a rounded -0.04 would keep.
        shown = rounded or abs(rounded)
        return str(format_decimal(shown, f"#,##0{decimals}", locale=self.language))

    def _percent(self, value: Decimal, least: int, most: int) -> str:
        if 90 < value < 100 and value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_EVEN) >= 100:
            value = value.quantize(Decimal(1).scaleb(-most), ROUND_FLOOR)
        return self._fixed(value, least, most) + "%"

    def _seconds(self, x: float) -> str:
        size = abs(x)
        if size >= 60:
            return self.duration(x)
        if 0 < size < 1:
            return self._("%(n)s ms") % {"n": self.number(x * 1000)}
        return self._("%(n)s s") % {"n": self.number(x)}

    def _bytes(self, x: float) -> str:
        power = min(len(_BYTE_UNITS) - 1, int(math.log2(abs(x)) // 10)) if abs(x) >= 1 else 0
        return f"{self.number(x / 1024**power)} {_BYTE_UNITS[power]}"


def _shortfall_digits(percent: Decimal) -> int:
    """How many decimals show two significant digits of what is missing to 100 percent."""
    missing = 100 - percent
    if not 0 < missing < 1:
        return 0 if missing <= 0 else 2
    return min(MOST_DECIMALS, 1 - missing.adjusted())

"""Languages: translation, and the formatting of every number, duration and moment.

Messages are English in the code; `locales/<language>/LC_MESSAGES/tomoni.po` translates them. It is read
as it is, once, when the language is first used; a message without a translation is shown in English.
Plural forms, lists, dates, intervals and percent signs follow the Unicode CLDR (through Babel), so that
another language needs a translation and no code. Babel is imported with the first number or date, so that
plain JSON does not load it.

Times are Unix seconds, ratios 0 to 1. None and NaN are written "—".
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import lru_cache, reduce
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tomoni.languages import LANGUAGES, SOURCE_LANGUAGE
from tomoni.words import decimals
from tomoni.words.clocks import written_time
from tomoni.words.direction import isolated

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Message

LOCALES = Path(__file__).parent / "locales"
NOTHING = "—"
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
def _translations(language: str) -> NullTranslations:
    """The translations of a language with its plural rule; fuzzy and empty ones are left out."""
    file = LOCALES / language / "LC_MESSAGES" / "tomoni.po"
    if language == SOURCE_LANGUAGE or not file.exists():
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - English does not load it
    from babel.messages.pofile import read_po  # noqa: PLC0415 - English does not load it

    with file.open("rb") as lines:
        # The file has no header: the plural rule is that of the language.
        catalog = read_po(lines, locale=language)
    for message in [message for message in catalog if not _is_complete(message)]:
        catalog.delete(message.id)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _is_complete(message: Message) -> bool:
    """Whether a message has all of its plural forms; the header of a file, which has no msgid, always has."""
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return not message.id or (forms is not None and all(forms))


# How English dates, lists and intervals are laid out: day before month, a 24-hour clock.
_LAYOUTS = {"en": "en_001"}
_SKELETONS = {"day": "yMMMd", "short_day": "MMMd", "clock": "Hm", "month": "yMMMM"}


@lru_cache(maxsize=8)
def _layout(language: str) -> Locale:
    """The locale that the layout of dates, lists and intervals is taken from."""
    from babel import Locale  # noqa: PLC0415 - see the module's text

    return Locale.parse(_LAYOUTS.get(language, language))


@lru_cache(maxsize=32)
def _pattern(language: str, name: str) -> str:
    """Babel's pattern of a part of a date (see `_SKELETONS`), of a ``moment`` or of one ``near`` to now."""
    layout = _layout(language)
    if name in _SKELETONS:
        pattern = str(layout.datetime_skeletons[_SKELETONS[name]].pattern)
        # Hours have two digits everywhere, so that columns of times line up.
        return re.sub(r"H+", "HH", pattern)
    day = _pattern(language, "day" if name == "moment" else "short_day")
    return str(layout.datetime_formats["medium"]).format(_pattern(language, "clock"), day)


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
        # The empty msgid is the header of a catalog.
        return _translations(self.language).gettext(msgid) if msgid else ""

    def n_(self, singular: str, plural: str, n: float) -> str:
        """The translation of a text about ``n`` things, in the plural form of the language."""
        # Fractions take the form of two: gettext's rules are for whole numbers.
        return _translations(self.language).ngettext(singular, plural, int(n) if n == int(n) else 2)

    def quote(self, name: object) -> str:
        """A name or path within a sentence, in the quotation marks of the language: “Checkout”, 「購入手続き」."""
        return self._("“%(name)s”") % {"name": isolated(str(name))}

    def join(self, parts: Sequence[str]) -> str:
        """A list in words: "a, b and c", 「a、b、c」."""
        from babel.lists import format_list  # noqa: PLC0415 - see the module's text

        return str(format_list([*map(isolated, parts)], style="standard", locale=_layout(self.language)))

    def listed(self, parts: Sequence[str]) -> str:
        """A list without a last word: "a, b, c", 「a、b、c」."""
        if len(parts) < 2:
            return "".join(map(isolated, parts))
        pattern = str(_layout(self.language).list_patterns["standard"]["middle"])
        return reduce(pattern.format, map(isolated, parts))

    def sentences(self, *parts: str) -> str:
        """Sentences one after the other, empty ones left out; joined as the language does."""
        both = self._("%(sentence)s %(next)s")
        found = [part for part in parts if part]
        return reduce(lambda first, then: both % {"sentence": first, "next": then}, found) if found else ""

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
        return self._fixed(x, 0, min(decimals.MOST_DECIMALS, max(0, 3 - whole_digits)))

    def count(self, x: float | None) -> str:
        """A count: whole from 100 on, with a decimal below, since the increase of a counter has fractions; what is
        more than nothing keeps a digit (0.02): a budget of few events does not allow 0."""
        if x is None or math.isnan(x):
            return NOTHING
        return self._fixed(x, 0, 0 if abs(x) >= 100 else decimals.more_than_nothing(Decimal(repr(float(x))), 1))

    def percent(self, ratio: float | None, digits: int | None = None) -> str:
        """A ratio in percent with ``digits`` decimals; without, as many as it takes.

        Near 100 % the shortfall keeps two digits (99.9934 %), so that what is not all is never
        shown as 100 %. Elsewhere one decimal from 10 % on, two below, and more where these would be 0.
        """
        if ratio is None or math.isnan(ratio):
            return NOTHING
        value = Decimal(repr(float(ratio))) * 100
        if digits is not None:
            return self._percent(value, digits, digits)
        if 99 <= value < 100:
            return self._percent(value, 0, decimals.shortfall_digits(value))
        return self._percent(value, 0, 1 if abs(value) >= 10 else decimals.more_than_nothing(value, 2))

    def sli(self, ratio: float | None) -> str:
        """An SLI in percent: at least two decimals, more near 100 %, which only 1 itself reaches."""
        if ratio is None or math.isnan(ratio):
            return NOTHING
        value = Decimal(repr(float(ratio))) * 100
        return self._percent(value, 2, max(decimals.more_than_nothing(value, 2), decimals.shortfall_digits(value)))

    def objective(self, percent: Decimal | None) -> str:
        """An objective exactly as it was written: "99.9%"."""
        if percent is None:
            return NOTHING
        plain = percent.normalize()
        decimals = max(0, -int(plain.as_tuple().exponent))
        return self._with_percent_sign(self._fixed(plain, decimals, decimals))

    def budget(self, remaining: float | None) -> str:
        """A share of an error budget: whole percent from 10 % on, one decimal below, "<0.1%" for less."""
        if remaining is None or math.isnan(remaining):
            return NOTHING
        value = Decimal(repr(float(remaining))) * 100
        if 0 < value < Decimal("0.1"):
            return "<" + self._percent(Decimal("0.1"), 1, 1)
        overspent = decimals.more_than_nothing(-value, 1)  # by a hair is not 0
        return self._percent(value, 0, 0 if abs(value) >= 10 else overspent)

    def points(self, difference: float | None) -> str:
        """A difference of two percentages, in points with its sign: "+3", "-44"."""
        if difference is None or math.isnan(difference):
            return NOTHING
        shown = self._fixed(difference * 100, 0, 0 if abs(difference) >= 0.1 else 1)
        return shown if shown.startswith("-") or shown == "0" else "+" + shown

    def burn(self, rate: float | None) -> str:
        """A burn rate as a factor: "0.32×", "14.4×"; "<0.01×" for less."""
        if rate is None or math.isnan(rate):
            return NOTHING
        if 0 < rate < 0.005:
            return f"<{self.number(0.01, 2)}×"
        decimals = 2 if rate < 9.995 else 1 if rate < 99.95 else 0
        return self.number(rate, decimals if rate else 0) + "×"

    def quantity(self, x: float | None, unit: str) -> str:
        """A value of an infra signal in its unit (`catalog.schema.Unit`), scaled to be readable."""
        if x is None or math.isnan(x):
            return NOTHING
        if decimals.beyond_digits(x):
            return self._powered(x, unit)
        if unit in ("ratio", "percent"):
            return self.percent(x if unit == "ratio" else x / 100)
        if unit == "seconds":
            return self._seconds(x)
        if unit == "bytes":
            return self._bytes(x)
        return self._("%(n)s/s") % {"n": self.number(x)} if unit == "per_second" else self.number(x)

    def _powered(self, x: float, unit: str) -> str:
        """A value so large or small that its digits would not be read, as a power of ten: "1.7e308 s"."""
        said = self.number(x) if math.isinf(x) else decimals.by_power(x, 100 if unit == "ratio" else 1)
        patterns = {"seconds": self._("%(n)s s"), "per_second": self._("%(n)s/s")}
        suffixes = {"ratio": "%", "percent": "%", "bytes": " B"}
        return patterns[unit] % {"n": said} if unit in patterns else said + suffixes.get(unit, "")

    # Durations

    def duration(self, seconds: float | None) -> str:
        """A duration in its two largest units: "45 s", "40 min", "2 h 5 min", "28 d"."""
        if seconds is None or math.isnan(seconds):
            return NOTHING
        whole = round(abs(seconds))
        if whole == 0:
            return self._seconds(seconds)
        whole = round(whole / 60) * 60 if whole >= 3600 else whole
        whole = round(whole / 3600) * 3600 if whole >= 86_400 else whole
        return ("-" if seconds < 0 else "") + self._in_units(whole)

    def length(self, seconds: float) -> str:
        """A duration as it was agreed, exactly: "1 d 1 min", "1.5 s"."""
        if seconds < 1:
            return self._seconds(seconds)
        if seconds != int(seconds):
            return self._("%(n)s s") % {"n": self._fixed(seconds, 0, 9)}
        return self._in_units(int(seconds))

    def _in_units(self, whole: int) -> str:
        parts = []
        for size, unit in _DURATION_UNITS:
            if whole >= size:
                parts.append(self._(unit) % {"n": self.number(whole // size, 0)})
                whole %= size
        both = self._("%(larger)s %(smaller)s")
        return reduce(lambda larger, smaller: both % {"larger": larger, "smaller": smaller}, parts)

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
        """A recent moment, without its year: "18 Nov, 10:00 JST"."""
        return NOTHING if unix is None else f"{self._when(unix, 'near')} {self.zone_name(unix)}"

    def clock(self, unix: float | None) -> str:
        """The time of day: "10:00 JST"."""
        return NOTHING if unix is None else f"{self._when(unix, 'clock')} {self.zone_name(unix)}"

    def day(self, unix: float | None, year: bool = True) -> str:
        """The day: "18 Nov 2026", or "18 Nov" without the year."""
        return NOTHING if unix is None else self._when(unix, "day" if year else "short_day")

    def day_pattern(self) -> str:
        """How a day without its year is written, in Unicode's letters: "d MMM"."""
        return _pattern(self.language, "short_day")

    def month(self, unix: float) -> str:
        """The month: "November 2026"."""
        return self._when(unix, "month")

    def span(self, start: float, end: float) -> str:
        """From one moment to another: "18 Nov 2026, 10:00–11:30 JST", "21 Oct, 10:00 – 18 Nov 2026, 10:00 JST"."""
        first, last = self._at(start), self._at(end)
        zones = self.zone_name(start), self.zone_name(end)
        if first.date() == last.date() and zones[0] == zones[1]:
            within = self._interval(self._when(start, "moment"), self._when(end, "clock"), tight=True)
            return f"{within} {zones[1]}"
        # One year is written once: where it is read first or last.
        year_first = _pattern(self.language, "day").startswith("y")
        once = first.year == last.year
        opening = self._when(start, "near" if once and not year_first else "moment")
        closing = self._when(end, "near" if once and year_first else "moment")
        opening += "" if zones[0] == zones[1] else f" {zones[0]}"
        return f"{self._interval(opening, closing)} {zones[1]}"

    def days(self, start: float, end: float) -> str:
        """From one day to another, with the year once where it is the same: "28 Oct – 24 Nov 2026"."""
        once = self._at(start).year == self._at(end).year
        year_first = _pattern(self.language, "day").startswith("y")
        return self._interval(self.day(start, not once or year_first), self.day(end, not (once and year_first)))

    def near_span(self, start: float, end: float) -> str:
        """A recent span, next to which the zone is named: "18 Nov, 10:00–11:30"."""
        same = self._at(start).date() == self._at(end).date()
        return self._interval(self._when(start, "near"), self._when(end, "clock" if same else "near"), tight=same)

    def _interval(self, start: str, end: str, tight: bool = False) -> str:
        """From one to another; ``tight`` without spaces around the dash, between times of one day."""
        pattern = str(_layout(self.language).interval_formats[None])
        # The CLDR has thin spaces, which not every font and terminal shows.
        return re.sub(r"\s", "" if tight else " ", pattern).format(start, end)

    def zone_name(self, unix: float) -> str:
        """The name of the zone at a moment: "JST", "UTC", "UTC+04"."""
        name = self._at(unix).tzname() or self.zone
        return f"UTC{name}" if name[:1] in "+-" else name

    # Internals

    def _at(self, unix: float) -> datetime:
        return datetime.fromtimestamp(unix, UTC).astimezone(self._tz)

    def _when(self, unix: float, pattern: str) -> str:
        # The local time is passed without its zone: Babel would look the zone up again.
        return written_time(self._at(unix).replace(tzinfo=None), _pattern(self.language, pattern), self.language)

    def _fixed(self, x: float | Decimal, least: int, most: int) -> str:
        exact = x if isinstance(x, Decimal) else Decimal(repr(float(x)))
        if abs(exact) >= LARGEST_PLAIN:
            return f"{exact:.3g}"
        rounded = exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_EVEN)
        places = ("." + "0" * least + "#" * (most - least)) if most else ""
        # abs() of a zero removes the sign that a rounded -0.04 would keep.
        shown = rounded or abs(rounded)
        return decimals.write_decimal(shown, f"#,##0{places}", self.language)

    def _percent(self, value: Decimal, least: int, most: int) -> str:
        if 90 < value < 100 and value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_EVEN) >= 100:
            value = value.quantize(Decimal(1).scaleb(-most), ROUND_FLOOR)
        return self._with_percent_sign(self._fixed(value, least, most))

    def _with_percent_sign(self, number: str) -> str:
        pattern = str(_layout(self.language).percent_formats[None].pattern)
        return re.sub(r"[#0,.]+", lambda _: number, pattern, count=1)

    def _seconds(self, x: float) -> str:
        size = abs(x)
        if size >= 59.95:  # as it is written: no 60 s, no 1,000 ms
            return self.duration(x)
        if 0 < size < 0.9995:
            return self._("%(n)s ms") % {"n": self.number(x * 1000)}
        return self._("%(n)s s") % {"n": self.number(x)}

    def _bytes(self, x: float) -> str:
        power = decimals.power_of_1024(x, len(_BYTE_UNITS) - 1)
        return f"{self.number(x / 1024**power)} {_BYTE_UNITS[power]}"

"""What the values of an answer are measured in, as the units that signals of an app's file have.

Sources write units as words (``milliseconds``), as signs (``µs``) or in UCUM (``KiBy``). A signal is in seconds,
bytes, ratios, percent, counts or counts per second: other lengths and sizes are multiplied by a factor, and of what has
no such unit (``celsius``, ``bytes/s``) the title says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from data_sources.exploring import Aggregation, Ask, Metric, MetricQuestion
from tomoni.catalog.schema import Unit

_SECONDS: dict[str, Fraction] = {
    "s sec second seconds": Fraction(1),
    "ms msec millis millisecond milliseconds": Fraction(1, 10**3),
    "us µs μs usec micros microsecond microseconds": Fraction(1, 10**6),
    "ns nsec nanos nanosecond nanoseconds": Fraction(1, 10**9),
    "min minute minutes": Fraction(60),
    "h hour hours": Fraction(3_600),
    "d day days": Fraction(86_400),
}
_BYTES: dict[str, Fraction] = {
    "B By byte bytes": Fraction(1),
    "bit bits": Fraction(1, 8),
    "kB kBy kilobyte kilobytes": Fraction(10**3),
    "MB MBy megabyte megabytes": Fraction(10**6),
    "GB GBy gigabyte gigabytes": Fraction(10**9),
    "TB TBy terabyte terabytes": Fraction(10**12),
    "KiB KiBy kibibyte kibibytes": Fraction(2**10),
    "MiB MiBy mebibyte mebibytes": Fraction(2**20),
    "GiB GiBy gibibyte gibibytes": Fraction(2**30),
    "TiB TiBy tebibyte tebibytes": Fraction(2**40),
}
_PLAIN: dict[str, Unit] = {
    "ratio 10^2.%": Unit.RATIO,
    "percent percentage %": Unit.PERCENT,
    "per_second /s 1/s": Unit.PER_SECOND,
    "1 count": Unit.COUNT,
}
_LENGTHS = {name: factor for names, factor in _SECONDS.items() for name in names.split()}
_SIZES = {name: factor for names, factor in _BYTES.items() for name in names.split()}
_UNITS = {name: unit for names, unit in _PLAIN.items() for name in names.split()}

_TOLD = re.compile(
    r"\bin (seconds|milliseconds|microseconds|nanoseconds|minutes|hours|days|ms|bytes|percent|%)(?!\w)"
    r"|(?<=\s)[(\[](?:in )?(seconds|milliseconds|microseconds|nanoseconds|ms|µs|us|ns|s|bytes|percent|%)[)\]]"
)
_LONG = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "µs": "microseconds", "ns": "nanoseconds"}
_LONG |= {"%": "percent"}
_KEEP_THE_UNIT = (Aggregation.MEAN, Aggregation.SUM, Aggregation.MIN, Aggregation.MAX, Aggregation.PERCENTILES)
_OF_NO_UNIT = re.compile(r"^(?:the )?(?:total )?(?:number|count)\b|timestamp|unix|epoch|since 1970", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """``unit`` is what values times ``factor`` are measured in; ``named`` is what that unit does not say (empty: it
    says all)."""

    unit: Unit
    factor: Fraction = Fraction(1)
    named: str = ""


def measure_of(written: str) -> Measure:
    """The measure of a unit as a source writes it; without one, values are counted."""
    if not written:
        return Measure(Unit.COUNT)
    if (unit := _UNITS.get(written)) is not None:
        return Measure(unit)
    if (length := _LENGTHS.get(written)) is not None:
        return Measure(Unit.SECONDS, length)
    if (size := _SIZES.get(written)) is not None:
        return Measure(Unit.BYTES, size)
    return _of_a_rate(written.removesuffix("/s")) if written.endswith("/s") else Measure(Unit.COUNT, named=written)


def _of_a_rate(written: str) -> Measure:
    """So many of something each second: seconds of each second are how many work at once."""
    if (length := _LENGTHS.get(written)) is not None:
        return Measure(Unit.COUNT, length)
    if (size := _SIZES.get(written)) is not None:
        return Measure(Unit.PER_SECOND, size, "bytes/s")
    if written in _UNITS:
        return Measure(Unit.PER_SECOND, named="" if _UNITS[written] is Unit.COUNT else f"{written}/s")
    return Measure(Unit.PER_SECOND, named=f"{written}/s")


def seconds_in(written: str) -> Fraction | None:
    """How long one of a unit is in seconds; None of what is no length of time."""
    return _LENGTHS.get(written)


def unit_told(said: str) -> str:
    """The unit that a sentence about a metric names ("in seconds", "(ms)"); empty where it names none, or several, and
    of numbers of something and moments, which are in no such unit."""
    if _OF_NO_UNIT.search(said):
        return ""
    found = {_LONG.get(each, each) for pair in _TOLD.findall(said) for each in pair if each}
    return found.pop() if len(found) == 1 else ""


def unit_of_answer(ask: Ask, answered: str, metric: Metric | None) -> str:
    """What an answer is measured in: as its source says, else as it says of the metric where the values are its own."""
    its_own = isinstance(ask, MetricQuestion) and ask.aggregation in _KEEP_THE_UNIT
    return answered or (metric.unit or unit_told(metric.help) if its_own and metric is not None else "")


def times(expression: str, factor: Fraction) -> str:
    """An expression of PromQL, multiplied."""
    if factor == 1:
        return expression
    if factor.numerator == 1:
        return f"({expression}) / {factor.denominator}"
    return f"({expression}) * {factor.numerator}"

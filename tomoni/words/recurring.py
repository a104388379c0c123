"""How often something comes again, in words: "on weekdays", "day 25 of each month". Rules that have none stay RRULEs.

The worksheet reads the same words (`tomoni.catalog.peak_lines`), so that a line can be changed and taken back.
"""

from __future__ import annotations

from tomoni.words.text import Text, mark

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS = (
    mark("every Monday"),
    mark("every Tuesday"),
    mark("every Wednesday"),
    mark("every Thursday"),
    mark("every Friday"),
    mark("every Saturday"),
    mark("every Sunday"),
)
_KNOWN = {
    "FREQ=DAILY": mark("every day"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": mark("on weekdays"),
    "FREQ=WEEKLY;BYDAY=SA,SU": mark("every weekend"),
    "FREQ=MONTHLY;BYMONTHDAY=-1": mark("last day of each month"),
}
_MONTHS = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)


def rule_words(rule: str, text: Text) -> str:
    """A rule in words."""
    if known := _KNOWN.get(rule):
        return text._(known)
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    match parts:
        case {"FREQ": "WEEKLY", "BYDAY": day} if len(parts) == 2 and day in _DAYS:
            return text._(_WEEKDAYS[_DAYS.index(day)])
        case {"FREQ": "MONTHLY", "BYMONTHDAY": day} if len(parts) == 2 and day.isdecimal():
            return text._("day %(n)s of each month") % {"n": day}
        case {"FREQ": "YEARLY", "BYMONTH": month, "BYMONTHDAY": day} if (
            len(parts) == 3 and day.isdecimal() and month in map(str, range(1, 13))
        ):
            return text._("every year on %(day)s %(month)s") % {"day": day, "month": text._(_MONTHS[int(month) - 1])}
    return rule

"""The register of risks as a sheet (CSV) in the shape of the risk spreadsheet of Google's SRE material, and back.

What is read names its columns as that one does (ETTD, ETTR, % users, ETTF) or as ours; what cannot be read is refused
by its line, and then nothing of the sheet is taken.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_sources.durations import parse_duration
from tomoni.catalog.schema import App
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import RiskEntry
from tomoni.meetings.records import validated
from tomoni.slo.risk import DAYS_A_YEAR
from tomoni.snapshots.exporters.formulas import harmless
from tomoni.use_cases.risks import ListedRisk

MOST_BYTES, MOST_ROWS, _HEAD_ROWS = 1_000_000, 1_000, 30
HEADER = (
    "Risk",
    "ETTD (minutes)",
    "ETTR (minutes)",
    "Users (%)",
    "ETTF (days)",
    "Bad minutes a year",
    "Accepted",
    "Journeys",
    "Note",
    "Id",
)
# The names of a column, as `_plain` makes them, by the field that it fills.
_NAMES: Mapping[str, frozenset[str]] = {
    "title": frozenset({"risk", "risks", "risk name", "name", "title", "description of risk", "リスク", "リスク名"}),
    "detect_minutes": frozenset({"ettd", "ttd", "mttd", "time to detect", "estimated time to detection", "detect"})
    | {"estimated time to detect", "time to detection", "検知", "検知時間"},
    "repair_minutes": frozenset({"ettr", "ttr", "mttr", "time to repair", "estimated time to repair", "repair"})
    | {"time to resolve", "estimated time to resolution", "time to recovery", "復旧", "復旧時間"},
    "share_of_users": frozenset({"users", "impact", "users affected", "users impacted", "of users", "share of users"})
    | {"percent of users", "user impact", "affected users", "ユーザー", "影響ユーザー"},
    "days_between": frozenset({"ettf", "ttf", "mttf", "mtbf", "time to failure", "estimated time to failure"})
    | {"time between failures", "days between", "estimated time between failures", "every", "間隔", "発生間隔"},
    "accepted": frozenset({"accept", "accepted", "is accepted", "受容", "許容"}),
    "journeys": frozenset({"journeys", "journey", "cuj", "ジャーニー"}),
    "text": frozenset({"note", "notes", "text", "comment", "comments", "備考", "メモ"}),
    "ref": frozenset({"id"}),
}
# What is calculated from the others, and not read.
_COMPUTED = frozenset({"bad minutes a year", "bad", "bad per", "incidents", "incidents per"})
_NEEDED = ("title", "detect_minutes", "repair_minutes", "share_of_users", "days_between")
_MINUTES = {"second": 1 / 60, "minute": 1.0, "hour": 60.0, "day": 1440.0}
_DAYS = {"day": 1.0, "week": 7.0, "month": float(DAYS_A_YEAR) / 12, "year": float(DAYS_A_YEAR)}
_UNITS = {"s": "second", "sec": "second", "secs": "second", "m": "minute", "min": "minute", "mins": "minute"}
_UNITS |= {"h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "w": "week", "y": "year", "yr": "year", "yrs": "year"}
_UNITS |= {"秒": "second", "分": "minute", "時間": "hour", "日": "day", "週": "week", "月": "month", "年": "year"}
_UNIT_WORDS = {*_UNITS, *_UNITS.values(), *(f"{unit}s" for unit in _UNITS.values())}
_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "☑", "はい", "accepted", "accept"})
_NO = frozenset({"", "no", "n", "false", "0", "-", "–", "☐", "いいえ"})
_NUMBER = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?|\.\d+")
_COMMA_NUMBER = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d+(,\d+)?|,\d+")
# A comma that cannot stand between thousands; of a sheet whose cells are apart by ; none does.
_COMMA_ALONE = re.compile(r"\d*,(\d{1,2}|\d{4,})|0*,\d+|\d{4,},\d+|[\d.]+\.\d{3},\d+")
_NUMBERS = ("detect_minutes", "repair_minutes", "share_of_users", "days_between")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong at a line of a sheet (from 1, 0: the whole), as a code of `words.risk_sheets` with facts."""

    line: int
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A risk of a sheet: its id there (empty: none), and its fields."""

    ref: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The risks of a sheet, or what is wrong with it; ``ignored`` are the columns that say nothing to us."""

    rows: tuple[SheetRow, ...] = ()
    faults: tuple[SheetFault, ...] = ()
    ignored: tuple[str, ...] = ()


# Out


def sheet(listed: Sequence[ListedRisk], language: str) -> bytes:
    """The register as CSV (UTF-8 with a mark, as spreadsheets want it); no text is a formula."""
    made = io.StringIO()
    write = csv.writer(made, lineterminator="\r\n")
    write.writerow(HEADER)
    for each in listed:
        write.writerow(_cells(each, language))
    return made.getvalue().encode("utf-8-sig")


def _cells(each: ListedRisk, language: str) -> list[str]:
    risk = each.risk
    text = each.text(language) if each.text else ""
    return [
        harmless(each.title(language)),
        _written(risk.detect_minutes),
        _written(risk.repair_minutes),
        _written(round(risk.share_of_users * 100, 10)) + "%",
        _written(risk.days_between),
        _written(risk.bad_minutes_a_year),
        "yes" if each.accepted else "no",
        harmless("; ".join(each.journeys)),
        harmless(text),
        each.ref,
    ]


def _written(number: float) -> str:
    """A number with all of its digits and no exponent."""
    return f"{number:.12f}".rstrip("0").rstrip(".")


# In


def read_sheet(raw: bytes, app: App) -> ReadSheet:
    """The risks of a sheet of an app."""
    if len(raw) > MOST_BYTES:
        return ReadSheet(faults=(SheetFault(0, "sheet_too_large", {"at_most": MOST_BYTES}),))
    text = _decoded(raw)
    found = _rows(text) if text is not None else None
    if found is None:
        return ReadSheet(faults=(SheetFault(0, "sheet_unreadable"),))
    separator, rows = found
    at = next((n for n, (_, cells) in enumerate(rows[:_HEAD_ROWS]) if len(_columns(cells)) >= len(_NEEDED) - 1), None)
    if at is None:
        return ReadSheet(faults=(SheetFault(1, "sheet_without_header", {"known": ", ".join(HEADER[:5])}),))
    return _read(rows[at], rows[at + 1 :], app, separator)


def _read(head: tuple[int, list[str]], below: Sequence[tuple[int, list[str]]], app: App, separator: str) -> ReadSheet:
    line, cells = head
    columns = _columns(cells)
    missing = [HEADER[_NEEDED.index(name)] for name in _NEEDED if name not in columns]
    if missing:
        return ReadSheet(faults=(SheetFault(line, "sheet_column_missing", {"column": ", ".join(missing)}),))
    written = [(number, row) for number, row in below if any(cell.strip() for cell in row)]
    if len(written) > MOST_ROWS:
        return ReadSheet(faults=(SheetFault(written[MOST_ROWS][0], "sheet_too_long", {"at_most": MOST_ROWS}),))
    others = [(n, cell, _names(cell)) for n, cell in enumerate(cells)]
    ignored = tuple(cell for n, cell, names in others if n not in columns.values() and names and not names & _COMPUTED)
    reader = _RowReader(columns, cells, app, _has_decimal_commas([row for _, row in written], columns, separator))
    found = tuple(row for number, each in written if (row := reader.row(number, each)) is not None)
    faults = (*reader.faults, *_twice(reader.lines))
    return ReadSheet(() if faults else found, faults, ignored)


def _has_decimal_commas(rows: Iterable[Sequence[str]], columns: Mapping[str, int], separator: str) -> bool:
    """Whether the numbers of a sheet have decimal commas, as spreadsheets of many countries write them."""
    places = [columns[name] for name in _NUMBERS]
    cells = (_number_in(row[place]) for row in rows for place in places if place < len(row))
    alone = re.compile(r"[\d.]*,\d+") if separator == ";" else _COMMA_ALONE
    return any(alone.fullmatch(cell) for cell in cells)


def _number_in(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().removesuffix("%").strip()


def _twice(lines: Sequence[tuple[int, str]]) -> Iterator[SheetFault]:
    """Ids that are used for a second line."""
    first: dict[str, int] = {}
    for number, ref in lines:
        if ref and first.setdefault(ref, number) != number:
            yield SheetFault(number, "sheet_id_twice", {"id": ref, "first_line": first[ref]})


def _decoded(raw: bytes) -> str | None:
    """The text of a file; without a mark UTF-8, or what spreadsheets save in Japan."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp932"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(text: str) -> tuple[str, list[tuple[int, list[str]]]] | None:
    """The separator that makes columns of a head, and by it the rows with the line that each begins at; None where it
    is no such file."""
    if "\x00" in text:
        return None
    parsed = [(separator, rows) for separator in ",;\t" if (rows := _parsed(text, separator)) is not None]
    return max(parsed, key=lambda each: _widest(each[1])) if parsed else None


def _widest(rows: Sequence[tuple[int, list[str]]]) -> int:
    return max((len(_columns(cells)) for _, cells in rows[:_HEAD_ROWS]), default=0)


def _parsed(text: str, separator: str) -> list[tuple[int, list[str]]] | None:
    found, began = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            found.append((began, cells))
            began = reader.line_num + 1
    except csv.Error:
        return None
    return found


def _plain(name: str) -> str:
    """The name of a column without signs and capitals."""
    name = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    return " ".join(re.sub(r"\(.*?\)|[^\w\s]", " ", name).split())


def _names(cell: str) -> set[str]:
    """The names that a column may stand for: as it is, and without its unit."""
    plain = _plain(cell)
    return {plain, " ".join(word for word in plain.split() if word not in _UNIT_WORDS)} - {""}


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """The place of each field that has a column; the first of several counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for name, known in _NAMES.items():
            if _names(cell) & known:
                found.setdefault(name, place)
    return found


class _RowReader:
    """Reads row after row; ``faults`` and ``lines`` (with their ids) grow."""

    def __init__(self, columns: Mapping[str, int], heads: Sequence[str], app: App, decimal_commas: bool) -> None:
        self._columns, self._heads, self._app, self._decimal_commas = columns, heads, app, decimal_commas
        self.faults: list[SheetFault] = []
        self.lines: list[tuple[int, str]] = []

    def row(self, line: int, cells: Sequence[str]) -> SheetRow | None:
        """The risk of a row, or None where something of it cannot be read."""
        before = len(self.faults)
        ref = self._cell(cells, "ref").strip()
        self.lines.append((line, ref))
        fields: dict[str, Any] = {
            "title": _unharmed(" ".join(self._cell(cells, "title").split())),
            "detect_minutes": self._length(line, cells, "detect_minutes", _MINUTES, "minute"),
            "repair_minutes": self._length(line, cells, "repair_minutes", _MINUTES, "minute"),
            "share_of_users": self._share(line, cells),
            "days_between": self._length(line, cells, "days_between", _DAYS, "day"),
        }
        more: Mapping[str, Callable[[], Any]] = {
            "accepted": lambda: self._accepted(line, cells),
            "journeys": lambda: self._journeys(line, cells),
            "text": lambda: _unharmed(self._cell(cells, "text").strip()),
        }
        fields |= {name: read() for name, read in more.items() if name in self._columns}
        if len(self.faults) == before:
            self._check(line, fields)
        return SheetRow(ref, fields) if len(self.faults) == before else None

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self._columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    def _fault(self, line: int, code: str, name: str, written: str) -> None:
        head = " ".join(self._heads[self._columns[name]].split())[:60]
        self.faults.append(SheetFault(line, code, {"column": head, "written": " ".join(written.split())[:60]}))

    def _number(self, line: int, cells: Sequence[str], name: str, text: str) -> float | None:
        if not (_COMMA_NUMBER if self._decimal_commas else _NUMBER).fullmatch(text):
            self._fault(line, "sheet_not_a_number", name, self._cell(cells, name))
            return None
        plain = text.replace(".", "").replace(",", ".") if self._decimal_commas else text.replace(",", "")
        return float(plain)

    def _length(
        self, line: int, cells: Sequence[str], name: str, units: Mapping[str, float], usual: str
    ) -> float | None:
        """A length in the unit that is usual; the column's head or the cell may name another."""
        text = unicodedata.normalize("NFKC", self._cell(cells, name)).strip().casefold()
        unit = _unit(self._heads[self._columns[name]], units) or usual
        try:
            return parse_duration(text) / (60 if usual == "minute" else 86_400)
        except ValueError:
            number = self._number(line, cells, name, text)
        return None if number is None else number * units[unit]

    def _share(self, line: int, cells: Sequence[str]) -> float | None:
        """A share: with a sign for percent in the cell or the column's head as percent, else as a ratio."""
        name = "share_of_users"
        text = unicodedata.normalize("NFKC", self._cell(cells, name)).strip()
        head = unicodedata.normalize("NFKC", self._heads[self._columns[name]]).casefold()
        number = self._number(line, cells, name, text.removesuffix("%").strip())
        if number is None:
            return None
        share = number / 100 if text.endswith("%") or "%" in head or "percent" in head else number
        if share > 1:
            self._fault(line, "sheet_share", name, self._cell(cells, name))
        return share

    def _accepted(self, line: int, cells: Sequence[str]) -> bool:
        text = unicodedata.normalize("NFKC", self._cell(cells, "accepted")).strip().casefold()
        if text not in _YES | _NO:
            self._fault(line, "sheet_yes_or_no", "accepted", self._cell(cells, "accepted"))
        return text in _YES

    def _journeys(self, line: int, cells: Sequence[str]) -> tuple[str, ...]:
        """Journeys by their ids or titles, with ; or , between them."""
        known = {journey.id: journey.id for journey in self._app.journeys}
        known |= {title: each.id for each in self._app.journeys for title in each.title.by_language.values()}
        names = [part.strip() for part in re.split(r"[;,、\n]", _unharmed(self._cell(cells, "journeys")))]
        for name in names:
            if name and name not in known:
                self._fault(line, "sheet_unknown_journey", "journeys", name)
        return tuple(dict.fromkeys(known[name] for name in names if name in known))

    def _check(self, line: int, fields: Mapping[str, Any]) -> None:
        """Whether a register takes it."""
        try:
            validated(RiskEntry, {**fields, "app": self._app.id})
        except MeetingError as error:
            facts = {"field": str(error.facts["field"]), "reason": str(error.facts["reason"])}
            self.faults.append(SheetFault(line, "sheet_refused", facts))


def _unit(head: str, units: Mapping[str, float]) -> str:
    """The unit that a column's head names; empty where it names none."""
    for found in re.finditer(r"[a-z]+|[秒分時間日週月年]+", unicodedata.normalize("NFKC", head).casefold()):
        unit = _UNITS.get(found[0], found[0].removesuffix("s"))
        if unit in units:
            return unit
    return ""


def _unharmed(text: str) -> str:
    """A text as it was before `formulas.harmless` put apostrophes into it."""
    plain = text.replace("'", "")
    found = text
    for place in [n for n, sign in enumerate(text) if sign == "'"][::-1]:
        without = found[:place] + found[place + 1 :]
        if harmless(without) == found:
            found = without
    return plain if harmless(plain) == text else found

"""The register of risks as a sheet: out and in again unchanged, in the shape of others, refused by line."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.use_cases.conftest import clock, records
from tests.use_cases.teams import app_of
from tomoni.catalog.for_reviews import KnownRisk
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Journey
from tomoni.catalog.seen_text import is_seen
from tomoni.languages import LANGUAGES
from tomoni.meetings.model import RiskEntry
from tomoni.meetings.records import Records
from tomoni.ui.meeting.risk_files import Taken, take
from tomoni.ui.meeting.risk_sheet import HEADER, MOST_ROWS, ReadSheet, read_sheet, sheet
from tomoni.use_cases import risks
from tomoni.words import risk_sheets
from tomoni.words.text import text_for

__all__ = ["clock", "records"]
JOURNEYS = (
    Journey("pay", LocalText({"en": "Pay", "ja": "支払う"}), None, ()),
    Journey("buy", LocalText({"": "Buy"}), None, ()),
)
KNOWN = KnownRisk("gateway", LocalText({"en": "The gateway is down"}), None, ("pay",), 5, 55.5, 0.3, 36.525, True)
APP = replace(app_of(), journeys=JOURNEYS, risks=(KNOWN,))
# As the template of Google's material names its columns.
GOOGLE = "Risk name,ETTD (mins),ETTR (mins),% users,ETTF (days),Incidents / year,Bad mins / year\n"


def read(text: str) -> ReadSheet:
    return read_sheet(text.encode(), APP)


def fields(text: str) -> dict[str, object]:
    found = read(text)
    assert found.faults == ()
    (row,) = found.rows
    return dict(row.fields)


def faults(text: str) -> list[tuple[int, str]]:
    found = read(text)
    assert found.rows == ()
    for fault in found.faults:
        for language in LANGUAGES:
            what, hint = risk_sheets.describe(fault.code, fault.facts, text_for(language))
            assert what
            assert hint
    return [(fault.line, fault.code) for fault in found.faults]


def test_what_goes_out_comes_in_and_changes_nothing(records: Records) -> None:
    more = {"title": "=cmd|'/c calc'", "text": "- one; -two\nline", "journeys": ("buy", "pay"), "accepted": True}
    numbers = {"detect_minutes": 0.1, "repair_minutes": 1 / 3, "share_of_users": 0.07, "days_between": 1e-3}
    risks.add_risk(records, APP, {**more, **numbers})
    before = [each.entry(APP.id, "en") for each in risks.register(records, APP)]
    found = read_sheet(sheet(risks.register(records, APP), "en"), APP)
    assert found.faults == ()
    assert found.ignored == ()
    take(records, APP, found.rows, "en")
    after = [each.entry(APP.id, "en") for each in risks.register(records, APP)]
    assert [each.title for each in after] == [each.title for each in before]
    for one, other in zip(before, after, strict=True):
        assert other.model_dump(exclude={*numbers}) == one.model_dump(exclude={*numbers})
        assert [getattr(other, name) for name in numbers] == pytest.approx([getattr(one, name) for name in numbers])


@given(st.text(min_size=1, max_size=40))
def test_texts_survive_the_way_out_and_in(text: str) -> None:
    title = " ".join(text.split())
    if not is_seen(title) or any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in title) or "'" in title:
        return
    entry = RiskEntry.model_construct(
        app="checkout", title=title, detect_minutes=1, repair_minutes=1, share_of_users=1, days_between=1
    )
    found = read_sheet(sheet(risks.of_entries([("a", entry)]), "en"), APP)
    assert [row.fields["title"] for row in found.rows] == [title]


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@a", "＝1", "\t=1"])
def test_no_cell_begins_a_formula(records: Records, sign: str) -> None:
    entry = RiskEntry(
        app="checkout",
        title=f"{sign}x",
        text=sign,
        detect_minutes=1,
        repair_minutes=1,
        share_of_users=1,
        days_between=1,
    )
    rows = list(csv.reader(io.StringIO(sheet(risks.of_entries([("a", entry)]), "en").decode("utf-8-sig"))))
    assert rows[0] == list(HEADER)
    assert rows[1][0].startswith("'")
    assert rows[1][8].startswith("'")


def test_the_sheet_of_googles_material_is_read() -> None:
    found = fields(GOOGLE + "Bad release,10,50,30,36.525,10,180\n")
    assert found == {
        "title": "Bad release",
        "detect_minutes": 10,
        "repair_minutes": 50,
        "share_of_users": 0.3,
        "days_between": 36.525,
    }
    assert read(GOOGLE + "Bad release,10,50,30,36.525,10,180\n").ignored == ()


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("Risk,ETTD,ETTR,Users,ETTF", "a,5,1h30m,30%,4w", (5, 90, 0.3, 28)),
        ("risk,ettd (hours),ettr (hours),impact,ettf (years)", "a,0.5,2,0.25,1", (30, 120, 0.25, 365.25)),
        ("リスク,検知（分）,復旧（時間）,影響ユーザー（％）,発生間隔（日）", "a,５,２,３０,９０", (5, 120, 0.3, 90)),
        ("Risk;ETTD;ETTR;Users;ETTF", "a;1,500;1.234,5;12,5 %;90", (1.5, 1234.5, 0.125, 90)),
        ("Risk;ETTD;ETTR;Users;ETTF", "a;1.5;2;100 %;1000", (1.5, 2, 1, 1000)),
        ("Risk,ETTD,ETTR,Users,ETTF", 'a,"1,500",2,"12.5%","1,234.5"', (1500, 2, 0.125, 1234.5)),
        ("Risk,ETTD,ETTR,Users,ETTF", 'a,"1,500",2,"12,5%",1.234', (1.5, 2, 0.125, 1234)),
        ("Risk\tMTTD\tMTTR\tUsers\tMTBF", "a\t1\t2\t1\t90", (1, 2, 1, 90)),
        ("Name,Time to detect,Time to repair,% users impacted,Days between", "a,0,0,0,.5", (0, 0, 0, 0.5)),
    ],
)
def test_columns_and_units_are_known_by_many_names(head: str, cells: str, expected: tuple[float, ...]) -> None:
    found = fields(f"{head}\n{cells}\n")
    names = ("detect_minutes", "repair_minutes", "share_of_users", "days_between")
    assert [found[name] for name in names] == pytest.approx(list(expected))


def test_lines_above_the_header_and_empty_ones_are_passed_over() -> None:
    text = f"Risk register of the checkout\n\n{GOOGLE},,,,,,\n\nBad release,10,50,30,36\n"
    assert fields(text)["title"] == "Bad release"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_files_of_spreadsheets_are_read_in_their_encodings(encoding: str) -> None:
    raw = (GOOGLE + "決済の停止,10,50,30,36\n").encode(encoding)
    (row,) = read_sheet(raw, APP).rows
    assert row.fields["title"] == "決済の停止"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "sheet_without_header")]),
        ("a,b,c\n1,2,3\n", [(1, "sheet_without_header")]),
        ("Risk,ETTD,ETTR,Users\na,1,1,1\n", [(1, "sheet_column_missing")]),
        (GOOGLE + "a,x,1,1,1\nb,1,1,1,1\nc,1,-1,1,1\n", [(2, "sheet_not_a_number"), (4, "sheet_not_a_number")]),
        (GOOGLE + 'a,1,1,1,1\n"b\nb",1,1,1,\nc,1,1,1,nan\n', [(3, "sheet_not_a_number"), (5, "sheet_not_a_number")]),
        (GOOGLE + 'a,"1,5","1,234.5",1,1\n', [(2, "sheet_not_a_number")]),
        (GOOGLE + "a,1,1,130,1\n", [(2, "sheet_share")]),
        (GOOGLE + "a,1,1,130%,1\n", [(2, "sheet_share")]),
        (GOOGLE + "a,1,1,30,0\n", [(2, "sheet_refused")]),
        (GOOGLE + ",1,1,30,1\n", [(2, "sheet_refused")]),
        (GOOGLE + f"{'a' * 301},1,1,30,1\n", [(2, "sheet_refused")]),
        (GOOGLE + "a,1e5,1,30,1\n", [(2, "sheet_not_a_number")]),
        (GOOGLE.replace("\n", ",Accept?\n") + "a,1,1,30,1,,,perhaps\n", [(2, "sheet_yes_or_no")]),
        (GOOGLE.replace("\n", ",Journeys\n") + "a,1,1,30,1,,,pay; bye\n", [(2, "sheet_unknown_journey")]),
        (GOOGLE.replace("\n", ",Id\n") + "a,1,1,30,1,,,x\nb,1,1,30,1,,,x\n", [(3, "sheet_id_twice")]),
        (GOOGLE + "a,1,1,30,1\n" * (MOST_ROWS + 1), [(MOST_ROWS + 2, "sheet_too_long")]),
        ("\x00\x01", [(0, "sheet_unreadable")]),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_nothing_is_taken(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert faults(text) == expected


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    found = read_sheet(raw, APP)
    assert found.faults or found.rows == () or all(row.fields["title"] for row in found.rows)


def test_a_huge_file_is_refused_unread() -> None:
    assert [fault.code for fault in read_sheet(b"x" * 1_000_001, APP).faults] == ["sheet_too_large"]


def test_risks_are_known_by_id_or_title_and_others_added(records: Records) -> None:
    text = GOOGLE.replace("\n", ",Id\n") + "Gateway,9,55.5,30,36.525,,,gateway\nNew,1,1,30,1\n"
    assert take(records, APP, read(text).rows, "en") == Taken(added=1, changed=1)
    assert [each.title("en") for each in risks.register(records, APP)] == ["Gateway", "New"]
    again = GOOGLE + "New,1,1,30,1\nGateway,9,55.5,30,36.525\n"
    assert take(records, APP, read(again).rows, "en") == Taken(added=0, changed=0)
    assert [each.accepted for each in risks.register(records, APP)] == [True, False]  # what a sheet leaves open stays

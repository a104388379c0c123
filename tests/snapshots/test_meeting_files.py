"""Every format shows what a review meeting decided, agreed to do and noted, and bears whatever was typed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfReader

from tests.snapshots.decks import texts
from tests.snapshots.met import met
from tests.snapshots.test_hostile import Elements
from tests.snapshots.world import FORMULA, PIPES, SCRIPT
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.document.prose import LineKind, lines_of
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import EditionOptions, edition, export
from tomoni.snapshots.exporters.markdown import escaped
from tomoni.snapshots.minutes import as_text, export_minutes, minutes
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.verifying.checks import WRONG, verify
from tomoni.snapshots.verifying.reading import read_claim

SAID = ("Rollouts go on", "What we learned", "What is p95?", "Zone lost", "connection pool", "日本語のメモ")


@pytest.fixture(scope="module")
def held(snapshot) -> Snapshot:
    return met(snapshot)


@pytest.fixture(scope="module")
def files(held, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("met")
    made = export(held, ["html", "md", "json", "csv", "parquet", "pptx"], folder, EditionOptions())
    return {file.name.rpartition("d.")[2] if "-series" not in file.name else file.stem: file for file in made}


def by_ending(files: dict[str, Path], ending: str) -> Path:
    return next(file for file in files.values() if file.name.endswith(ending) and "-series" not in file.name)


@pytest.mark.parametrize("ending", ["d.html", "d.md", "d.json", "-meeting.csv"])
def test_what_was_written_stands_in_every_file(files, ending):
    shown = by_ending(files, ending).read_text()
    missing = {"-meeting.csv": {"What we learned", "connection pool"}}.get(ending, set())
    assert [said for said in SAID if said not in missing and said not in shown] == []


def test_slides_tell_it_too(files):
    deck = Presentation(str(by_ending(files, "d.pptx")))
    shown = "\n".join(text for slide in deck.slides for text in texts(slide))
    assert [said for said in SAID if said not in shown] == []
    assert "**" not in shown


def test_nothing_that_was_typed_runs_or_leads_out_of_the_web(files):
    parsed = Elements()
    parsed.feed(by_ending(files, "d.html").read_text())
    assert len([tag for tag, _ in parsed.found if tag == "script"]) == 4
    assert not [tag for tag, _ in parsed.found if tag in ("img", "iframe")]
    for _, attrs in parsed.found:
        assert not [name for name in attrs if name.startswith("on")]
        assert (attrs.get("href") or "#").startswith(("#", "http://", "https://"))
    assert f"Alert {SCRIPT}" in parsed.text


def test_notes_keep_their_lists_emphasis_and_links_as_markdown(files):
    shown = by_ending(files, "d.md").read_text()
    assert "**exhausted**" in shown
    assert "[noon](<https://wiki.example.com/a_%28b%29?q=%3Cx%3E>)" in shown
    assert f"- first {escaped(SCRIPT)}\n- second\n  - " in shown
    assert "](javascript" not in shown


def test_no_cell_of_the_table_of_a_meeting_is_a_formula(files):
    rows = list(csv.DictReader(io.StringIO(by_ending(files, "-meeting.csv").read_text())))
    assert {row["kind"] for row in rows} >= {"action", "incident", "decision", "conclusion", "question", "notes"}
    assert next(row["text"] for row in rows if row["kind"] == "action") == "'" + FORMULA
    assert [row["bad"] for row in rows if row["kind"] == "incident"] == ["120", "0"]


@pytest.mark.parametrize("ending", ["d.html", "d.md", "d.json", "d.csv", "d.parquet", "d.pptx"])
def test_a_file_of_a_meeting_is_verified(files, held, ending):
    checks = verify(read_claim(by_ending(files, ending)), lambda _: held, lambda *_: held.review)
    assert [check for check in checks if check.finding in WRONG] == []


def test_both_languages_stand_side_by_side(held):
    shown = edition(held, EditionOptions(("en", "ja")))
    assert "decided" in [section.key for section in shown.sections]
    assert "decide" not in [section.key for section in shown.sections]


def test_a_snapshot_of_no_meeting_has_none_of_its_chapters(snapshot):
    keys = {section.key for section in document(snapshot, "en").sections}
    assert not keys & {"decided", "actions", "incidents", "questions", "risks", "events"}
    with pytest.raises(ValueError, match="no meeting"):
        minutes(snapshot, "en")


def test_an_incident_before_the_period_alone_makes_no_empty_chapter(held):
    record = held.beside.meeting
    (incident,), start = record.incidents, record.value.start
    before = replace(incident, value=incident.value.model_copy(update={"start": start - 900, "end": start - 600}))
    of_window = replace(record, incidents=(before,), reasons=(), postmortems=())
    shown = document(replace(held, beside=replace(held.beside, meeting=of_window)), "en")
    assert "incidents" not in {section.key for section in shown.sections}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_minutes_say_what_was_seen_decided_and_who_does_what_by_when(held, language):
    shown = as_text(held, language)
    for said in (
        "Rollouts go on",
        "The sale",
        escaped(FORMULA),
        escaped(PIPES),
        "99.5",
        escaped("https://t.example.com/7"),
        "What is p95? – See the guide",
    ):
        assert said in shown
    assert "Gone" not in shown
    assert "<!--" not in shown
    assert SCRIPT not in shown


def test_minutes_are_written_and_the_page_is_verified(held, tmp_path):
    text, page = export_minutes(held, ["md", "html"], tmp_path, "en")
    assert text.read_text() == as_text(held, "en")
    checks = verify(read_claim(page), lambda _: held, lambda *_: held.review)
    assert [check for check in checks if check.finding in WRONG] == []


@pytest.mark.slow
def test_minutes_with_more_than_they_list_are_one_printed_page(held, tmp_path):
    record = held.beside.meeting
    many = {name: getattr(record, name)[:1] * 30 for name in ("actions", "incidents", "decisions")}
    many["questions"] = record.questions[:2] * 15
    crowded = replace(held, beside=replace(held.beside, meeting=replace(record, **many)))
    with ChromiumPrinter(None) as printer:
        (printed,) = export_minutes(crowded, ["pdf"], tmp_path, "en", printer)
    assert len(PdfReader(printed).pages) == 1
    assert as_text(crowded, "en").count("more in the snapshot") == 5


def test_lines_that_were_typed_stay_lines_except_within_an_item():
    found = [(line.kind, line.plain) for line in lines_of("one **a**\ntwo\n\n- x\n  y\n")]
    assert found == [(LineKind.TEXT, "one a"), (LineKind.TEXT, "two"), (LineKind.ITEM, "x y")]


def test_prose_is_read_line_by_line():
    source = "# H\n\na **b** `c`\n\n3. x\n   - y\n\n> q\n\n```\ncode\n```\n\n|p|q|\n|-|-|\n|1|2|"
    found = [(line.kind, line.plain, line.depth, line.mark) for line in lines_of(source)]
    assert found == [
        (LineKind.HEADING, "H", 0, ""),
        (LineKind.TEXT, "a b c", 0, ""),
        (LineKind.ITEM, "x", 0, "3."),
        (LineKind.ITEM, "y", 1, "-"),
        (LineKind.TEXT, "q", 1, ""),
        (LineKind.CODE, "code", 0, ""),
        (LineKind.TEXT, "p | q", 0, ""),
        (LineKind.TEXT, "1 | 2", 0, ""),
    ]


def test_files_of_a_correction_say_what_it_corrects_and_of_when_what_stands_beside_its_figures_is(held):
    record = held.beside.meeting
    value = record.value.model_copy(update={"corrects": "9a7f", "closed_at": held.review.as_of + 86_400})
    corrected = replace(held, beside=replace(held.beside, meeting=replace(record, value=value)))
    for shown in (document(corrected, "en"), minutes(corrected, "en")):
        assert "corrects the review 9a7f; actions, decisions and questions as of" in shown.lead
    assert "corrects" not in document(held, "en").lead

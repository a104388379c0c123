"""The profile in words, and the worksheet: what is typed becomes keys that load."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tomoni.catalog.load import load
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.peak_lines import peak_keys
from tomoni.catalog.profile import Peak, Profile
from tomoni.catalog.profiles import PeakEntry
from tomoni.catalog.schema import App
from tomoni.words.profiles import APP_QUESTIONS, EXPECTED_OF_JOURNEYS, answer_lines, answered, peak_words, unanswered
from tomoni.words.text import text_for
from tomoni.words.worksheet import Answered, worksheet_paper, worksheet_yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checkout() -> App:
    found = load(ROOT / "config", {}).app("checkout")
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_answers_are_told_and_what_nobody_answered_has_a_next_step(checkout: App, language: str) -> None:
    text = text_for(language)
    told = dict(answered(checkout.profile, APP_QUESTIONS, text))
    assert len(told) == len(APP_QUESTIONS)
    assert {"en": "every day 19:00 to 22:00", "ja": "毎日 19:00～22:00"}[language] in "".join(told.values())
    assert not unanswered(checkout.profile, APP_QUESTIONS)
    assert unanswered(Profile(), EXPECTED_OF_JOURNEYS) == list(EXPECTED_OF_JOURNEYS)


def test_the_sheet_has_every_question_and_lines_where_nothing_is_known(checkout: App) -> None:
    paper = worksheet_paper(checkout, text_for("en"))
    assert all(each.question in paper for each in (*APP_QUESTIONS, *EXPECTED_OF_JOURNEYS))
    assert paper.count("<i></i>") > 0
    assert "Orders that go through: 99.9%" in paper
    assert paper.count("Which objective and window will be tried first in the workshop?") == len(checkout.journeys)


TODAY = date(2026, 11, 29)
RULED = {"starting": "2026-11-29T00:00", "lasts": "1d"}
# What is typed, and the keys of the file besides the title.
PEAKS = {
    "Closing: 2026-12-24": {"start": "2026-12-24T00:00", "end": "2026-12-25T00:00"},
    "Closing: 2026-12-24 to 2026-12-26": {"start": "2026-12-24T00:00", "end": "2026-12-27T00:00"},
    "Closing (2026-12-24 9:00 to 2026-12-24 18:00)": {"start": "2026-12-24T09:00", "end": "2026-12-24T18:00"},
    "決算: 2026-12-24から2026-12-26まで": {"start": "2026-12-24T00:00", "end": "2026-12-27T00:00"},
    "Rush: weekdays 17:00-19:30": {
        "repeats": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "starting": "2026-11-29T17:00", "lasts": "150m"
    },
    "Night: every day 22:00 to 02:00": {"repeats": "FREQ=DAILY", "starting": "2026-11-29T22:00", "lasts": "4h"},
    "Market: every Monday": {"repeats": "FREQ=WEEKLY;BYDAY=MO", **RULED},
    "Payday: the 25th of each month": {"repeats": "FREQ=MONTHLY;BYMONTHDAY=25", **RULED},
    "給料日: 毎月25日": {"repeats": "FREQ=MONTHLY;BYMONTHDAY=25", **RULED},
    "市: 毎週月曜日 9:00〜12:00": {"repeats": "FREQ=WEEKLY;BYDAY=MO", "starting": "2026-11-29T09:00", "lasts": "3h"},
    "月末: 毎月末": {"repeats": "FREQ=MONTHLY;BYMONTHDAY=-1", **RULED},
    "Gifts: every year on 24 December": {"repeats": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", **RULED},
    "Sale: FREQ=MONTHLY;BYDAY=1FR": {"repeats": "FREQ=MONTHLY;BYDAY=1FR", **RULED},
    "Christmas": None,
    "Sale: soon": None,
    "Sale: 2026-12-26 to 2026-12-24": None,
    "Sale: 2026-02-31": None,
    "Sale: FREQ=SOMETIMES": None,
    "Sale: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31": None,
    "Sale: every year on 31 Feb": None,
    "Sale: every day 25:00-26:00": None,
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_repeated_peak_is_told_in_words_that_the_worksheet_reads(language: str) -> None:
    text = text_for(language)
    for keys in filter(None, PEAKS.values()):
        if "repeats" not in keys:
            continue
        entry = PeakEntry.model_validate({"title": "Closing", **keys})
        assert entry.starting is not None
        assert entry.repeats is not None

        line = peak_words(Peak(LocalText({"": "Closing"}), entry.starting, entry.lasts or 0, entry.repeats), text)
        assert ("FREQ" in line) is (keys["repeats"] == "FREQ=MONTHLY;BYDAY=1FR")
        read = peak_keys(line.replace("Closing", "Other"), TODAY)
        assert read is not None
        assert {**read, "title": "Closing"} == {"title": "Closing", **keys}


def test_the_peaks_of_a_journey_are_its_own(checkout: App, tmp_path: Path) -> None:
    of_journey = {"steps": "Open the basket", "peaks": "Closing: 2026-12-24\nSale: soon"}
    made = worksheet_yaml(Answered(checkout, {}, checkout.journeys[0], of_journey), TODAY, text_for("en"))
    assert "    # peaks: Sale: soon\n" in made
    keys = {"title": "Closing", "start": "2026-12-24T00:00", "end": "2026-12-25T00:00"}
    (read,) = yaml.safe_load(made)["journeys"]
    assert read == {"id": checkout.journeys[0].id, "steps": ["Open the basket"], "peaks": [keys]}
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "checkout.yaml").write_text(made)
    (tmp_path / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n")
    assert [problem for problem in load(tmp_path, {}).errors if "peak" in str(problem)] == []
    assert "When does this journey matter most" in worksheet_paper(checkout, text_for("en"))


@pytest.mark.parametrize("line", PEAKS)
def test_a_peak_is_read_by_its_time_and_loads_or_stays_a_comment_that_says_how(
    checkout: App, tmp_path: Path, line: str
) -> None:
    made = worksheet_yaml(Answered(checkout, {"peaks": line}), TODAY, text_for("en"))
    keys = PEAKS[line]
    if keys is None:
        assert f"# peaks: {line}\n# One a line, with its time:" in made
        assert "peaks" not in yaml.safe_load(made)
        return
    assert [{k: str(v) for k, v in each.items() if k != "title"} for each in yaml.safe_load(made)["peaks"]] == [keys]
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "checkout.yaml").write_text(made)
    (tmp_path / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n")
    catalog = load(tmp_path, {})
    assert [problem for problem in catalog.errors if "peak" in str(problem)] == []
    assert [len(app.profile.peaks) for app in catalog.apps] == [1]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_peaks_that_the_file_has_stay_as_they_are(checkout: App, language: str) -> None:
    text = text_for(language)
    lines = "\n".join(answer_lines(checkout.profile, "peaks", text))
    made = yaml.safe_load(worksheet_yaml(Answered(checkout, {"peaks": lines}), TODAY, text))["peaks"]
    kept = [(each.get("repeats", ""), str(each.get("starting", each.get("start")))) for each in made]
    assert kept == [(peak.repeats, f"{peak.starting:%Y-%m-%dT%H:%M}") for peak in checkout.profile.peaks]


@given(st.dictionaries(st.sampled_from(["users", "importance", "depends_on", "peaks"]), st.text(max_size=40)))
def test_whatever_is_typed_becomes_yaml(checkout: App, typed: dict[str, str]) -> None:
    made = worksheet_yaml(Answered(checkout, typed, checkout.journeys[0], {"steps": "a\nb: c"}), TODAY, text_for("en"))
    try:
        read = yaml.safe_load(made)
    except yaml.reader.ReaderError:  # what no YAML file may hold at all
        return
    assert read["journeys"] == [{"id": "place-order", "steps": ["a", "b: c"]}]
    assert {"users", "importance"} & read.keys() <= typed.keys()

"""A snapshot is frozen without loss, under the hash of its content."""

from __future__ import annotations

import copy
import gzip
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.charts.reviews import overview_of, review_of
from tomoni.meetings.model import Action, Meeting
from tomoni.review.model import Overview, Review
from tomoni.slo import workshop
from tomoni.slo.model import DAY, Line, Objective
from tomoni.slo.workshop import TriedOut, try_out
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.document.model import Listing, Table
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.record.codec import Unreadable, decode, encode
from tomoni.snapshots.record.meeting import FrozenAction, MeetingRecord, StepNotes
from tomoni.snapshots.record.snapshot import (
    Beside,
    Snapshot,
    as_json,
    canonical,
    freeze,
    from_json,
    largest_episodes,
    numbers_hash,
)
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.snapshots.verifying.reading import read_claim

NOTE = StepNotes("since", "# A heading\n\n日本語 <script>", 3)
TODO = FrozenAction("b" * 24, 2, Action(app="shop", text="Add an alert", team="platform", due=date(2026, 12, 1)))


def written(snapshot: Snapshot) -> Any:
    return json.loads(canonical(as_json(snapshot)))


def test_a_review_is_read_back_as_it_was_written(snapshot):
    again = from_json(written(snapshot))
    assert encode(again.review, Review) == encode(snapshot.review, Review)
    assert again.review.app == snapshot.review.app
    assert again.beside == snapshot.beside
    assert (again.hash, again.made_at, again.origin) == (snapshot.hash, snapshot.made_at, snapshot.origin)


def test_what_was_tried_in_the_workshop_is_kept_and_told(snapshot):
    track = next(each for each in snapshot.review.tracks if each.buckets is not None)
    definition = track.status.slo.definition
    tried = tuple(
        TriedOut(try_out(track.buckets, definition, track.status.as_of, workshop.Beside((0.5, 0.0))), agreed, under)
        for agreed, under in ((True, ""), (False, "300ms"))
    )
    step = workshop.Suggestion(Objective(Decimal("99.5")), (workshop.Reason.RISKS,), 0.996, 45.0, held=False)
    begun = workshop.Suggested(workshop.Beginning((step,), None, 0.996, 9 * DAY, False, True), {"300ms": 0.9}, "300ms")
    held = WorkshopRecord(track.status.journey.id, track.status.slo.id, tried, ("- id: x",), "", begun)
    kept = freeze(snapshot.review, snapshot.origin, snapshot.made_at, replace(snapshot.beside, workshop=held))
    again = from_json(written(kept))
    assert encode(again.beside, Beside) == encode(kept.beside, Beside)
    assert again.hash == kept.hash != snapshot.hash
    assert again.beside.workshop is not None
    assert again.beside.workshop.suggested == begun
    older = replace(kept.beside, workshop=replace(held, suggested=None))
    assert "suggested" not in encode(older, Beside)["workshop"]
    assert "workshop" not in written(snapshot)["beside"]
    for language in ("en", "ja"):
        section = next(each for each in document(again, language).sections if each.key == "tried")
        table = next(block for block in section.parts[0].blocks if isinstance(block, Table))
        assert "300ms" in table.columns[-1].title
        assert table.rows[0][1].shown == table.rows[0][2].shown
        listed = next(block for block in section.parts[0].blocks if isinstance(block, Listing))
        assert "45" in listed.items[0]
        assert len(listed.items) == 4  # the step, the short history, the stricter steps left out, the threshold


@pytest.fixture(scope="module")
def old() -> Any:
    """A record as version 0.1.0 stored it: older than `judge_after`, `silence` and when data was last observed."""
    return json.loads(gzip.decompress((Path(__file__).parent / "golden" / "record-v1.json.gz").read_bytes()))


def test_a_record_of_the_first_version_is_read_and_written_again_to_the_byte(old):
    snapshot = from_json(old)
    assert canonical(as_json(snapshot)) == canonical(old)
    assert as_json(from_json(as_json(snapshot))) == old


def test_an_old_record_says_what_it_said(old):
    status = from_json(old).review.tracks[0].status
    told = old["review"]["tracks"][0]["status"]["figures"]
    assert (status.figures.bad, status.figures.total, status.figures.state.value) == (
        told["bad"],
        told["total"],
        told["state"],
    )
    assert status.budget_left == told["remaining"]
    assert status.newest_data == status.known_until


def test_every_file_of_an_old_record_is_made_and_verified(old, tmp_path):
    snapshot = from_json(old)
    made = export(snapshot, ["html", "md", "json", "csv", "parquet", "pptx"], tmp_path, EditionOptions(("en", "ja")))
    assert len(made) == 8
    (file,) = [file for file in made if file.suffix == ".json"]
    assert read_claim(file).snapshot is not None
    assert from_json(json.loads(file.read_text())).hash == snapshot.hash


def test_lines_keep_every_digit_and_every_gap(snapshot):
    again = from_json(written(snapshot))
    for track, other in zip(snapshot.review.tracks, again.review.tracks, strict=True):
        for name in ("success", "traffic", "burn_down", "rolling"):
            mine, theirs = getattr(track, name), getattr(other, name)
            np.testing.assert_array_equal(mine.times, theirs.times)
            np.testing.assert_array_equal(mine.values, theirs.values)
    assert np.isnan(again.review.tracks[0].success.values).any()


@pytest.mark.parametrize(("value", "hint"), [(review_of(), Review), (overview_of(), Overview)])
def test_made_up_reviews_come_back_too(value, hint):
    data = json.loads(json.dumps(encode(value, hint), allow_nan=False))
    assert encode(decode(data, hint), hint) == data


def test_uneven_moments_are_kept_one_by_one():
    line = Line(np.array([3, 4, 9]), np.array([0.1, np.nan, -0.0]))
    again = decode(json.loads(json.dumps(encode(line, Line))), Line)
    np.testing.assert_array_equal(again.times, line.times)
    assert np.signbit(again.values[2])


def test_numbers_that_are_not_finite_survive():
    assert decode(json.loads(json.dumps(encode(float("inf"), float))), float) == float("inf")


def test_the_hash_is_that_of_the_content_and_not_of_the_moment(snapshot):
    later = freeze(snapshot.review, snapshot.origin, snapshot.made_at + 60, snapshot.beside)
    assert later.hash == snapshot.hash
    noted = freeze(snapshot.review, snapshot.origin, snapshot.made_at, replace(snapshot.beside, notes="other"))
    assert noted.hash != snapshot.hash


def test_one_altered_digit_is_noticed(snapshot):
    data = written(snapshot)
    data["review"]["tracks"][0]["status"]["figures"]["bad"] += 1
    with pytest.raises(SnapshotError) as caught:
        from_json(data)
    assert caught.value.code == "record_altered"


def test_a_record_of_a_newer_version_says_so(snapshot):
    with pytest.raises(SnapshotError) as caught:
        from_json({**written(snapshot), "version": 99})
    assert (caught.value.code, caught.value.facts) == ("record_newer", {"found": 99, "expected": 1})


@pytest.mark.parametrize("data", [None, [], {}, {"schema": "tomoni.snapshot"}, {"schema": "other", "version": 1}])
def test_what_is_no_record_is_refused(data):
    with pytest.raises(SnapshotError) as caught:
        from_json(data)
    assert caught.value.code == "record_damaged"


def test_names_of_later_versions_are_passed_over_and_missing_ones_take_their_defaults():
    data = encode(review_of(), Review)
    data["tracks"][0]["a later name"] = 1
    for gone in ("burn", "forecast", "firings"):
        del data["tracks"][0][gone]
    assert decode(data, Review).tracks[0].burn is None


def test_the_place_of_damage_is_named():
    data = copy.deepcopy(encode(review_of(), Review))
    data["tracks"][1]["status"]["figures"]["state"] = "furious"
    with pytest.raises(Unreadable, match=r"tracks\[1\].status.figures.state"):
        decode(data, Review)
    del data["tracks"][0]["success"]
    with pytest.raises(Unreadable, match="success is missing"):
        decode(data, Review)


def test_the_same_numbers_at_another_moment_have_the_same_hash_of_numbers(snapshot):
    review = snapshot.review
    moved = replace(review, as_of=review.as_of + 300)
    assert numbers_hash(moved) == numbers_hash(review)
    figures = replace(review.tracks[0].status.figures, bad=1.0)
    track = replace(review.tracks[0], status=replace(review.tracks[0].status, figures=figures))
    assert numbers_hash(replace(review, tracks=(track, *review.tracks[1:]))) != numbers_hash(review)


def test_the_episode_and_what_moved_with_it_are_frozen(snapshot):
    (track, shown), *_ = largest_episodes(snapshot.review)
    assert shown.letter == snapshot.beside.moves[0].letter
    moved = snapshot.beside.moves[0].moved[0]
    assert (moved.signal.id, moved.movement.during) == ("cpu", 0.9)
    assert track.status.slo.id == "availability"


def test_episodes_of_one_journey_at_one_time_are_looked_at_once(snapshot):
    spans = [(shown.episode.start, shown.episode.end) for _, shown in largest_episodes(snapshot.review)]
    assert len(spans) == len(set(spans))


def test_a_record_without_a_meeting_is_what_it_was_before_there_were_meetings(snapshot):
    assert set(written(snapshot)["beside"]) == {"moves", "lags", "notes"}


def test_a_meeting_is_frozen_without_loss_and_is_part_of_the_hash(snapshot):
    meeting = MeetingRecord(
        "a" * 24, Meeting(app="shop", planned_at=9, start=1, as_of=5), notes=(NOTE,), actions=(TODO,)
    )
    frozen = freeze(snapshot.review, snapshot.origin, snapshot.made_at, replace(snapshot.beside, meeting=meeting))
    again = from_json(written(frozen))
    assert again.beside.meeting == meeting
    assert again.hash == frozen.hash != snapshot.hash
    assert as_json(again) == written(frozen)

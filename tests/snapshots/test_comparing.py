"""Two snapshots are compared, the most important change first; many make a row."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.charts.reviews import review_of
from tomoni.languages import LANGUAGES
from tomoni.slo.model import Objective, State
from tomoni.snapshots.document.sections.changes import comparison, sentence
from tomoni.snapshots.document.side_by_side import side_by_side
from tomoni.snapshots.exporters.formats import export_document
from tomoni.snapshots.record.comparing import Kind, compare, year
from tomoni.snapshots.record.snapshot import Snapshot, freeze
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

DAY = 86_400


@pytest.fixture
def before(snapshot: Snapshot) -> Snapshot:
    return freeze(review_of(), snapshot.origin, snapshot.made_at)


def later(snapshot: Snapshot, *, days: int = 14, **first: object) -> Snapshot:
    """The snapshot some days later, with other figures or another definition of its first SLO."""
    review = snapshot.review
    track = review.tracks[0]
    status = track.status
    if "figures" in first:
        status = replace(status, figures=replace(status.figures, **first["figures"]))  # type: ignore[arg-type]
    if "objective" in first:
        definition = replace(status.slo.definition, objective=first["objective"])  # type: ignore[arg-type]
        status = replace(status, slo=replace(status.slo, definition=definition))
    changed = (replace(track, status=status), *review.tracks[1:])
    return freeze(replace(review, as_of=review.as_of + days * DAY, tracks=changed), snapshot.origin, snapshot.made_at)


def kinds(one: Snapshot, other: Snapshot) -> list[Kind]:
    return [change.kind for change in compare(one, other).changes]


def test_the_same_numbers_are_no_change(before):
    compared = compare(before, later(before))
    assert compared.changes == ()
    assert len(compared.unchanged) == 2


def test_the_order_in_which_two_are_named_does_not_matter(before):
    worse = later(before, figures={"state": State.EXHAUSTED, "remaining": -0.4})
    assert kinds(before, worse) == kinds(worse, before) == [Kind.STATE_WORSE, Kind.BUDGET_DOWN]


def test_a_state_comes_before_a_budget_and_better_is_told_too(before):
    worse = later(before, figures={"state": State.AT_RISK, "remaining": 0.2})
    better = later(worse, figures={"state": State.HEALTHY, "remaining": 0.8})
    assert kinds(worse, better) == [Kind.STATE_BETTER, Kind.BUDGET_UP]


def test_an_objective_that_was_changed_is_told(before):
    eased = later(before, objective=Objective(Decimal(99)))
    (change,) = compare(before, eased).changes
    assert change.kind is Kind.OBJECTIVE
    told = sentence(change, text_for("en"))
    assert told == "The objective of “Place an order / Availability” changed from 99.9% to 99%."


def test_an_slo_that_came_or_went_is_told(before):
    without = later(before)
    without = freeze(replace(without.review, tracks=without.review.tracks[1:]), before.origin, 0)
    assert kinds(before, without) == [Kind.SLO_GONE]
    assert kinds(without, later(before, days=28)) == [Kind.SLO_ADDED]


def test_signals_that_came_or_went_are_told(before):
    app = replace(before.review.app, infra=before.review.app.infra[:-1])
    fewer = freeze(replace(before.review, app=app, as_of=before.review.as_of + 1), before.origin, 0)
    assert kinds(before, fewer) == [Kind.SIGNAL_GONE]


def test_what_moves_less_than_noticeably_is_left_out(before):
    left = before.review.tracks[0].status.figures.remaining
    assert left is not None
    assert kinds(before, later(before, figures={"remaining": left - 0.009})) == []
    assert kinds(before, later(before, figures={"remaining": left - 0.02})) == [Kind.BUDGET_DOWN]


def test_a_row_has_a_gap_where_an_slo_was_not_there(before):
    first = freeze(replace(before.review, tracks=before.review.tracks[:1]), before.origin, 0)
    row = year([later(before, days=14), first])
    assert [snapshot.review.as_of for snapshot in row.snapshots] == sorted(s.review.as_of for s in row.snapshots)
    assert row.remaining["place-order/latency"][0] is None
    assert row.remaining["place-order/latency"][1] is not None


def test_every_kind_has_a_sentence_in_every_language(before):
    worse = later(before, figures={"state": State.EXHAUSTED, "remaining": -0.4})
    change = compare(before, worse).changes[0]
    for kind in Kind:
        for language in LANGUAGES:
            told = sentence(replace(change, kind=kind, signal="cpu"), text_for(language))
            assert told
            assert "%(" not in told


def test_a_comparison_is_a_document_in_every_format(before, tmp_path: Path):
    worse = later(before, figures={"state": State.EXHAUSTED, "remaining": -0.4})
    row = year([before, worse])
    told = [comparison(compare(before, worse), language, row) for language in LANGUAGES]
    made = export_document(side_by_side(*told), {"schema": "x"}, tmp_path / "c", ["html", "md", "pptx"])
    html, markdown, _ = (file.read_bytes() for file in made)
    assert b"went from" in html
    assert html.count(b"<path d='M") == 2
    assert "▲".encode() not in markdown.split(b"## ")[1]
    assert b"Exhausted" in markdown


def test_a_comparison_has_no_data_of_its_own(before, tmp_path):
    with pytest.raises(ValueError, match="only a snapshot"):
        export_document(comparison(compare(before, later(before)), "en"), {}, tmp_path / "c", ["csv"])


def test_the_manifest_of_a_comparison_names_both(before, tmp_path):
    shown = comparison(compare(before, later(before)), "en")
    said = {"schema": "tomoni.comparison", "snapshots": [before.hash]}
    (file,) = export_document(shown, said, tmp_path / "c", ["html"])
    inside = file.read_text().split("id='tomoni-snapshot'>", 1)[1].split("</script>", 1)[0]
    assert json.loads(inside)["snapshots"] == [before.hash]

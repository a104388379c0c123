"""A file is checked again: its seal, its record, and the ledger of today."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.review.shop import DAY, START, Shop
from tests.snapshots.world import DAYS, NOW, hostile_shop
from tomoni.commands.verifying import again, remakers
from tomoni.review.model import Period
from tomoni.slo.model import Objective, RollingWindow
from tomoni.slo.workshop import Beside as LevelsBeside
from tomoni.slo.workshop import Suggested, TriedOut, beginning, try_out
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.snapshots.verifying.checks import Check, Finding, verify
from tomoni.snapshots.verifying.reading import read_claim
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.rereading import Scope

pytestmark = pytest.mark.slow

FORMATS = ["html", "md", "csv", "json", "parquet", "pptx"]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """The shop whose data is fetched and whose snapshot is kept, and the snapshot's files: each test gets a copy."""
    folder = tmp_path_factory.mktemp("frozen")
    opened = hostile_shop(folder).open(NOW)
    opened.sync(days=6)
    snapshot = opened.freeze(opened.apps()[0], Period(NOW, DAYS))
    opened.snapshots.keep(snapshot)
    made = export(snapshot, FORMATS, folder / "out", EditionOptions())
    opened.close()
    return folder, [file.relative_to(folder) for file in made if "-series" not in file.name]


@pytest.fixture
def shop(frozen: tuple[Path, list[Path]], tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    shutil.copytree(frozen[0], tmp_path, dirs_exist_ok=True)
    return made


@pytest.fixture
def tomoni(shop):
    opened = shop.open(NOW)
    yield opened
    opened.close()


@pytest.fixture
def files(frozen: tuple[Path, list[Path]], shop: Shop) -> dict[str, Path]:
    return {file.suffix[1:]: shop.folder / file for file in frozen[1]}


def found(tomoni: Tomoni, file: Path) -> list[Finding]:
    checks = verify(read_claim(file), tomoni.snapshots.read, lambda claim, kept: again(tomoni, claim, kept))
    return [check.finding for check in checks]


AGREES = [Finding.CONTENT_FITS, Finding.SAYS_AS_RECORD, *[Finding.LEDGER_AGREES] * 3]


@pytest.mark.parametrize("name", ["html", "md", "parquet", "pptx"])
def test_a_true_file_agrees_with_its_record_and_the_ledger(tomoni, files, name):
    assert found(tomoni, files[name]) == [Finding.SEAL_FITS, Finding.RECORD_SAVED, *AGREES]


def test_json_brings_its_record_along_and_csv_has_no_seal(tomoni, files):
    assert found(tomoni, files["json"]) == [Finding.SEAL_FITS, Finding.RECORD_INSIDE, *AGREES]
    assert found(tomoni, files["csv"]) == [Finding.NO_SEAL, Finding.RECORD_SAVED, *AGREES]


def test_it_agrees_later_too_when_the_definitions_have_changed(tomoni, shop, files):
    tomoni.close()
    app = shop.folder / "config" / "apps" / "shop.yaml"
    app.write_text(app.read_text().replace("objective: 99,", "objective: 90,"))
    later = shop.open(NOW + 30 * 86_400)
    try:
        assert found(later, files["html"]) == [Finding.SEAL_FITS, Finding.RECORD_SAVED, *AGREES]
    finally:
        later.close()


@pytest.mark.parametrize("name", ["html", "md"])
def test_one_altered_sign_of_a_page_breaks_the_seal(tomoni, files, name):
    written = files[name].read_text()
    files[name].write_text(written.replace("Objective", "0bjective", 1))
    assert found(tomoni, files[name])[0] is Finding.SEAL_BROKEN


def test_an_altered_number_is_named(tomoni, files):
    written = files["csv"].read_text()
    bad = json.dumps(read_claim(files["csv"]).manifest["slos"][0]["bad"])
    files["csv"].write_text(written.replace(f",{bad.removesuffix('.0')},", ",1,", 1))
    checks = verify(read_claim(files["csv"]), tomoni.snapshots.read, lambda claim, kept: again(tomoni, claim, kept))
    wrong = [check for check in checks if check.wrong]
    assert [check.finding for check in wrong] == [
        Finding.CONTENT_ALTERED,
        Finding.SAYS_OTHERWISE,
        Finding.LEDGER_DIFFERS,
    ]
    assert wrong[0].facts["parts"] == "1/bad"
    assert wrong[1].facts["number"] == "bad"
    assert wrong[1].facts["said"] == "1.0"


def test_an_altered_record_is_refused(files):
    data = json.loads(files["json"].read_text())
    data["review"]["end"] += 1
    files["json"].write_text(json.dumps(data))
    with pytest.raises(SnapshotError, match="record_altered"):
        read_claim(files["json"])


def test_data_that_came_late_is_told_of(tomoni, shop, files):
    tomoni.close()
    late = shop.open(NOW + 2 * 86_400)
    orders = shop.folder / "data" / "orders.csv"
    orders.write_text(orders.read_text() + f"{START + 5 * 86_400},100,50\n")
    try:
        late.sync(days=8)
        assert Finding.LEDGER_DIFFERS in found(late, files["html"])
    finally:
        late.close()


@pytest.fixture
def changed(tomoni, shop, files):
    """Two days later: the source says otherwise of a day of the snapshot, and it was read again."""
    tomoni.close()
    later = shop.open(NOW + 2 * 86_400)
    orders = shop.folder / "data" / "orders.csv"
    head, *rows = orders.read_text().splitlines()
    rows[-112:-100] = [f"{row.split(',')[0]},900,90" for row in rows[-112:-100]]
    orders.write_text("\n".join([head, *rows, ""]))
    start = int(rows[-112].split(",")[0])
    report = later.read_again(Scope(start, start + 3600)).report
    assert report.changes
    yield later, start
    later.close()


def checked(product: Tomoni, file: Path) -> list[Check]:
    return verify(read_claim(file), product.snapshots.read, *remakers(product))


@pytest.mark.parametrize("name", ["html", "json"])
def test_a_source_that_changed_its_mind_is_no_tampering(changed, files, name):
    later, start = changed
    checks = checked(later, files[name])
    (told, *_) = [check for check in checks if check.finding is Finding.SOURCE_CHANGED]
    assert (told.facts["start"], told.facts["end"]) == (start, start + 3600)
    assert float(told.facts["found"]) > float(told.facts["said"])
    assert Finding.LEDGER_DIFFERS not in [check.finding for check in checks]
    assert not any(check.wrong for check in checks)


def test_an_altered_file_stays_one_even_if_the_source_changed_as_well(changed, files):
    later, _ = changed
    written = files["csv"].read_text()
    bad = json.dumps(read_claim(files["csv"]).manifest["slos"][0]["bad"])
    files["csv"].write_text(written.replace(f",{bad.removesuffix('.0')},", ",1,", 1))
    wrong = [check.finding for check in checked(later, files["csv"]) if check.wrong]
    assert wrong == [Finding.CONTENT_ALTERED, Finding.SAYS_OTHERWISE, Finding.LEDGER_DIFFERS]


def test_what_never_ends_or_never_begins_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    for file in (Path("/dev/zero"), Path("/dev/stdin"), tmp_path, tmp_path / "pipe.html"):
        with pytest.raises(SnapshotError, match="file_unreadable"):
            read_claim(file)


def test_a_file_of_another_data_base_is_held_against_the_ledger_alone(tomoni, shop, files, tmp_path):
    tomoni.close()
    (shop.folder / "tomoni.db").unlink()
    other = shop.open(NOW)
    try:
        other.sync(days=6)
        assert found(other, files["html"]) == [
            Finding.SEAL_FITS,
            Finding.RECORD_MISSING,
            Finding.CONTENT_FITS,
            *[Finding.LEDGER_AGREES] * 3,
        ]
        app = shop.folder / "config" / "apps" / "shop.yaml"
        app.write_text(app.read_text().replace("counts: strict.csv", "counts: orders.csv"))
        changed = shop.open(NOW)
        assert Finding.LEDGER_CANNOT in found(changed, files["html"])
        changed.close()
    finally:
        other.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<p>nothing</p>"),
        ("a.md", b"\xff\xfe"),
        ("a.json", b'{"schema": "tomoni.snapshot.manifest"'),
        ("a.json", b"[1]"),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.pptx", b"PK no"),
        ("a.parquet", b"PAR1"),
        ("a.pdf", b"%PDF-1.4 nothing"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.docx", b""),
    ],
)
def test_what_is_no_file_of_ours_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SnapshotError, match="not_a_snapshot"):
        read_claim(tmp_path / name)


def test_a_file_that_is_not_there_is_told_of(tmp_path):
    with pytest.raises(SnapshotError, match="file_unreadable"):
        read_claim(tmp_path / "none.html")


def workshop(tomoni: Tomoni, *, sli: str = "", lie: int = 0) -> WorkshopRecord:
    """What was tried on the shop's availability: what is agreed, and 95 % over a day beside it."""
    track = next(
        each for each in tomoni.review(tomoni.apps()[0], Period(NOW, DAYS)).tracks if each.status.slo.id == "strict"
    )
    history, agreed = tomoni.history(track, 90), track.status.slo.definition
    other = replace(agreed, objective=Objective(Decimal(95)), window=RollingWindow(DAY))
    beside = LevelsBeside((0.25, 0.0), (), ((START + int(4.5 * DAY), START + int(4.5 * DAY) + 3600),))
    trials = [try_out(history, definition, track.status.as_of, beside) for definition in (agreed, other)]
    false = int(lie == 1)
    trials[1] = replace(trials[1], pages=trials[1].pages[false:] + ((0, 1),) * false)
    trials[1] = replace(trials[1], figures=replace(trials[1].figures, bad=trials[1].figures.bad + false))
    end = min(track.status.as_of, history.end)
    begun = beginning(history, lambda step: replace(other, objective=step), end, (), agreed.objective)
    begun = replace(begun, achieved=begun.achieved and begun.achieved - (lie == 2))
    held = (TriedOut(trials[0], agreed=True), TriedOut(trials[1]))
    return WorkshopRecord("buy", "strict", held, (), sli, Suggested(begun))


def kept(tomoni: Tomoni, tmp_path: Path, record: WorkshopRecord) -> dict[str, Path]:
    snapshot = tomoni.freeze(tomoni.apps()[0], Period(NOW, DAYS), workshop=record)
    tomoni.snapshots.keep(snapshot)
    made = export(snapshot, ["json", "html"], tmp_path / f"tried-{snapshot.hash[:8]}", EditionOptions())
    return {file.suffix[1:]: file for file in made}


def tried(checks: list[Check]) -> list[tuple[Finding, object]]:
    return [(check.finding, check.facts["tried"]) for check in checks if "tried" in check.facts]


def test_what_was_tried_in_the_workshop_is_recalculated_also_later_and_under_other_definitions(tomoni, shop, tmp_path):
    files = kept(tomoni, tmp_path, workshop(tomoni))
    agrees = [(Finding.TRIED_AGREES, "99.9%"), (Finding.TRIED_AGREES, "95%")]
    assert tried(checked(tomoni, files["json"])) == tried(checked(tomoni, files["html"])) == agrees
    tomoni.close()
    app = shop.folder / "config" / "apps" / "shop.yaml"
    app.write_text(app.read_text().replace("objective: 99.9", "objective: 90"))
    later = shop.open(NOW + 30 * DAY)
    later.sync(days=6)
    assert tried(checked(later, files["json"])) == agrees
    later.close()


@pytest.mark.parametrize(("lie", "number"), [(1, "bad"), (2, "suggested.achieved")])
def test_a_record_that_lies_about_what_was_tried_is_told_of(tomoni, tmp_path, lie, number):
    files = kept(tomoni, tmp_path, workshop(tomoni, lie=lie))
    checks = checked(tomoni, files["json"])
    assert tried(checks) == [(Finding.TRIED_AGREES, "99.9%"), (Finding.TRIED_DIFFERS, "95%")]
    assert [check.facts["number"] for check in checks if check.wrong] == [number]


def test_an_sli_that_nobody_agreed_to_cannot_be_recalculated(tomoni, tmp_path):
    files = kept(tomoni, tmp_path, workshop(tomoni, sli="{source: exports, counts: other.csv}"))
    checks = checked(tomoni, files["json"])
    assert {finding for finding, _ in tried(checks)} == {Finding.TRIED_CANNOT}
    assert not any(check.wrong for check in checks)


def test_what_was_tried_stays_true_when_the_source_changes_its_mind(tomoni, shop, tmp_path):
    files = kept(tomoni, tmp_path, workshop(tomoni))
    tomoni.close()
    later = shop.open(NOW + 2 * DAY)
    counts = shop.folder / "data" / "strict.csv"
    head, *rows = counts.read_text().splitlines()
    rows[-112:-100] = [f"{row.split(',')[0]},900,90" for row in rows[-112:-100]]
    counts.write_text("\n".join([head, *rows, ""]))
    start = int(float(rows[-112].split(",")[0]))
    assert later.read_again(Scope(start, start + 3600)).report.changes
    checks = checked(later, files["json"])
    assert {finding for finding, _ in tried(checks)} == {Finding.TRIED_CHANGED}
    assert not any(check.wrong for check in checks)
    later.close()

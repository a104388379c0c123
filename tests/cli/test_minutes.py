"""The minutes of a closed review by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import cli
from tests.review.shop import DAY, START, Shop, steady
from tomoni.meetings.model import Action, Meeting
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.closing import close_meeting
from tomoni.use_cases.meeting import begin

NOW = START + 3 * DAY


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write_orders(steady(3))
    product = shop.open(NOW)
    product.sync(days=3)
    records = product.meetings.records
    drafted = records.add(Meeting(app="shop", planned_at=NOW, start=NOW - DAY, as_of=NOW))
    records.add(Action(app="shop", text="Add an alert", team="platform"))
    close_meeting(product, begin(records, drafted.id, NOW, NOW).id)
    records.add(Meeting(app="shop", planned_at=NOW, start=NOW - DAY, as_of=NOW), "open")
    product.close()
    return shop


def asked(shop: Shop, *more: str, lang: str = "en") -> Result:
    environ = {
        "TOMONI_CONFIG": str(shop.folder / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{shop.folder / 'tomoni.db'}",
        "TOMONI_NOW": rfc3339(NOW),
        "LC_ALL": "C.UTF-8",
    }
    command = ["--lang", lang, "minutes", "--out", str(shop.folder / "out"), *more]
    return CliRunner().invoke(cli, command, env=environ, prog_name="cli.py")


@pytest.mark.parametrize(("lang", "title"), [("en", "Shop: minutes of the review"), ("ja", "店舗: レビューの議事録")])
def test_the_last_closed_review_is_written(shop: Shop, lang: str, title: str) -> None:
    answer = asked(shop, "--app", "shop", "--format", "md,html", lang=lang)
    assert answer.exit_code == 0, answer.output
    text, page = (Path(line) for line in answer.stdout.splitlines())
    assert text.read_text().startswith(f"# {title}")
    assert "Add an alert" in text.read_text()
    assert title in page.read_text()


@pytest.mark.parametrize(
    ("more", "said", "code"),
    [
        (["--app", "gone"], "gone", 1),
        (["--app", "shop", "--meeting", "f" * 24], "has no review “ffffffffffffffffffffffff”. Use one of: ", 1),
        (["--app", "shop", "--format", "pptx"], "md, html, pdf", 2),
    ],
)
def test_what_cannot_be_written_is_said(shop: Shop, more: list[str], said: str, code: int) -> None:
    answer = asked(shop, *more)
    assert answer.exit_code == code
    assert said in answer.stderr


def test_a_review_that_is_not_closed_has_no_minutes(shop: Shop) -> None:
    product = shop.open(NOW)
    drafted = product.meetings.records.keyed(Meeting, "shop", "open")
    product.close()
    assert drafted is not None
    answer = asked(shop, "--app", "shop", "--meeting", drafted.id)
    assert answer.exit_code == 1
    assert "not closed yet" in answer.stderr

"""`explain`: how a number was made, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_it_tells_the_calculation_and_what_it_follows_from(run: Run) -> None:
    result = run("explain", "--app", "shop", "--slo", "mail")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Shop / Place an order / Order mails"
    assert "valid events" in lines[1]
    labels = {line.partition(":")[0] for line in lines}
    assert {"Good events", "Valid events", "Window", "Method", "Coverage", "Source", "Definition"} <= labels
    assert "Budget of the whole period, if traffic stays" in labels
    assert any("mean of ratios" in line for line in lines)
    assert any("mail.csv" in line for line in lines)


def test_the_japanese_has_no_english_sentence(run: Run) -> None:
    lines = run("--lang", "ja", "explain", "--app", "shop", "--slo", "mail").stdout.splitlines()
    told = [line for line in lines if line and not line.startswith("  ")]
    assert all(any(ord(letter) > 0x2FFF for letter in line) for line in told), told


def test_the_json_gives_the_numbers_of_status_and_what_they_follow_from(run: Run) -> None:
    body = json.loads(run("explain", "--app", "shop", "--slo", "mail", "--format", "json").stdout)
    status = json.loads(run("status", "--format", "json").stdout)
    same = next(slo for slo in status["slos"] if slo["slo"] == "mail")
    assert {key: body[key] for key in same} == same
    assert [method["method"] for method in body["methods"]] == ["events", "mean_of_ratios", "time_slices"]
    assert body["methods"][0]["sli"] == body["sli"]
    assert body["definition"]["objective"] == "99"
    assert body["projected"]["end"] == "2026-11-30T15:00:00Z"
    assert (body["zone"], body["excluded_seconds"], body["changes"]) == ("Asia/Tokyo", 0, [])


def test_excluded_time_is_listed(run: Run, config: Path) -> None:
    (config / "exclusions").mkdir()
    text = "app: shop\nexclusions: [{id: copy, reason: Copy, start: 2026-11-10T02:00, end: 2026-11-10T04:00}]\n"
    (config / "exclusions" / "shop.yaml").write_text(text)
    body = json.loads(run("explain", "--app", "shop", "--slo", "mail", "--format", "json").stdout)
    assert body["excluded_seconds"] == 7200
    (span,) = body["exclusions"]
    assert span == {"id": "copy", "reason": "Copy", "start": "2026-11-09T17:00:00Z", "end": "2026-11-09T19:00:00Z"}


def test_a_name_that_is_not_there_is_refused_with_the_nearest(run: Run) -> None:
    result = run("explain", "--app", "shop", "--slo", "latancy")
    assert result.exit_code == 1
    assert "latency" in result.stderr


@pytest.mark.parametrize("slo", ["latency", "place-order/latency", "shop/place-order/latency"])
def test_an_slo_is_named_as_it_is_shown(run: Run, slo: str) -> None:
    assert run("explain", "--app", "shop", "--slo", slo).exit_code == 0
    wrong = run("explain", "--app", "shop", "--slo", slo.replace("latency", "latancy"))
    assert (wrong.exit_code, "latency" in wrong.stderr) == (1, True)


def test_a_name_of_several_journeys_asks_for_the_journey(run: Run, config: Path) -> None:
    file = config / "apps" / "shop.yaml"
    file.write_text(file.read_text().replace("{id: rows,", "{id: mail,"))
    result = run("explain", "--app", "shop", "--slo", "mail")
    assert (result.exit_code, "place-order/mail, import/mail" in result.stderr) == (1, True)
    assert run("explain", "--app", "shop", "--journey", "import", "--slo", "mail").exit_code == 0


@pytest.mark.parametrize("slo", ["availability", "latency", "rows", "files"])
def test_an_slo_in_any_state_explains_itself(run: Run, slo: str) -> None:
    for form in ("text", "json"):
        result = run("explain", "--app", "shop", "--slo", slo, "--format", form)
        assert result.exit_code == 0, result.output
        assert "nan" not in result.stdout.lower().split()
        assert "NaN" not in result.stdout

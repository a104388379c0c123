"""The home of a team in words: names without their apps, reasons for a look, and strips for who does not see them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data_sources.base import Notice
from tests.charts.reviews import app_of, overview_of
from tomoni.catalog.local_text import LocalText
from tomoni.review.model import SloStatus, SourceProblem
from tomoni.slo.model import State
from tomoni.words import team
from tomoni.words.text import text_for

EN, JA = text_for("en", "Asia/Tokyo"), text_for("ja", "Asia/Tokyo")


def statuses(count: int) -> list[SloStatus]:
    """SLOs of as many apps; all but their apps have the same titles."""
    return list(overview_of(count).statuses)


def healthy(**changes: object) -> SloStatus:
    """A status that needs no look, with some changes of its own or of its figures."""
    (status,) = statuses(1)[:1]
    figures = replace(status.figures, state=State.HEALTHY, remaining=0.8, alerts=())
    status = replace(status, figures=figures, notices=(), problem=None, known_until=status.as_of)
    return replace(status, **changes)  # type: ignore[arg-type]


def test_a_name_has_as_much_as_tells_it_apart() -> None:
    one, *_ = statuses(1)
    other_journey = replace(one, journey=replace(one.journey, id="pay", title=LocalText({"": "Pay"})))
    other_app = replace(one, app=app_of("search", "Search"))
    assert team.names([one], EN) == {one.path: "Availability"}
    assert set(team.names([one, other_journey], EN).values()) == {"Place an order / Availability", "Pay / Availability"}
    assert team.names([one, other_app], EN)[other_app.path] == "Search, Place an order / Availability"


def test_two_of_the_same_names_throughout_still_have_one() -> None:
    one, *_ = statuses(1)
    twin = replace(one, slo=replace(one.slo, id="twin"))
    assert set(team.names([one, twin], EN)) == {one.path, twin.path}


def test_a_healthy_slo_needs_no_look() -> None:
    assert team.reasons(healthy(), None, EN) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"notices": (Notice("total_frozen", {"days": 2}),)}, "implausible data; see the notes"),
        ({"notices": (Notice("definition_held", {}),)}, "its definition has errors"),
        ({"problem": SourceProblem("demo", "unreachable", "", {}, 0, 0, None), "known_until": None}, "last data: "),
    ],
)
def test_data_and_definitions_are_reasons_for_a_look(changes: dict[str, object], said: str) -> None:
    (reason,) = team.reasons(healthy(**changes), None, EN)
    assert reason.startswith(said)


def test_the_state_comes_first_with_what_is_left() -> None:
    status = healthy()
    status = replace(status, figures=replace(status.figures, state=State.AT_RISK, remaining=0.2))
    assert team.reasons(status, None, EN)[0] == "At risk, 20% of the budget left"
    assert team.reasons(status, None, JA)[0] == "要注意 (残りバジェット 20%)"


@pytest.mark.parametrize(
    ("burns", "said"),
    [
        ([], "no data in 28 days"),
        ([np.nan, np.nan], "no data in 28 days"),
        ([0.2, np.nan, 3.0], "28 days; on 1 of them the budget burned faster than its pace, at most 3.00×"),
    ],
)
def test_a_strip_is_said_in_a_sentence(burns: list[float], said: str) -> None:
    assert team.strip(burns, 28, EN) == said


@pytest.mark.parametrize(("count", "said"), [(0, "“pay” has 2 apps and no SLOs yet."), (3, "“pay” has 2 apps with ")])
def test_the_headline_counts_apps_and_slos(count: int, said: str) -> None:
    assert team.headline("pay", 2, statuses(count), EN).startswith(said)

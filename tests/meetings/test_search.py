"""Postmortems are found by what is written in them, in English and Japanese, whatever is asked for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.meetings.conftest import SetClock
from tomoni.meetings.model import Postmortem
from tomoni.meetings.records import Records
from tomoni.meetings.search import PostmortemSearch

ENGLISH = "The connection pool of the orders database was exhausted, and retries made it worse. 100% of logins failed."
JAPANESE = "注文データベースのコネクションプールが枯渇した。再試行が負荷を増やした。ＤＮＳの設定も見直す。"


@pytest.fixture
def search(engine: Engine) -> PostmortemSearch:
    return PostmortemSearch(engine)


@pytest.fixture
def ids(records: Records, clock: SetClock) -> dict[str, str]:
    made = {}
    for name, title, body in (("en", "Orders fail", ENGLISH), ("ja", "注文の失敗", JAPANESE)):
        made[name] = records.add(Postmortem(app="shop", title=title, body=body, factors=("Retry storm",))).id
        clock.now += 60
    return made


def names(search: PostmortemSearch, ids: dict[str, str], query: str) -> list[str]:
    found = search.matching(query)
    assert found is not None
    return [name for id_ in found for name, known in ids.items() if known == id_]


QUERIES: tuple[tuple[str, list[str]], ...] = (
    ("pool", ["en"]),
    ("POOL  Exhausted", ["en"]),
    ("pool 枯渇", []),
    ("コネクションプール", ["ja"]),
    ("枯渇", ["ja"]),  # two characters are less than a trigram
    ("枯", ["ja"]),
    ("dns", ["ja"]),  # in full width as it is written
    ("retry storm", ["ja", "en"]),  # a factor; the last changed first
    ("注文の失敗", ["ja"]),  # a title
    ("100%", ["en"]),
    ("1_0%", []),
    ('"', []),
    ("'; DROP TABLE records; --", []),
    ("pool AND", ["en"]),
    ("pool OR zebra", []),
    ("pool*", []),
    ("NEAR(pool, 1)", []),
    ("text:pool", []),
    ("^pool", []),
    ("\\", []),
    ("\0pool", ["en"]),
    ("po", ["en"]),
    ("a e i o p l d r s t zebra", []),  # each of many words counts
)


def test_every_query_is_plain_text(search: PostmortemSearch, ids: dict[str, str]):
    assert {query: names(search, ids, query) for query, _ in QUERIES} == dict(QUERIES)


def test_a_query_without_words_asks_for_nothing(search: PostmortemSearch):
    assert search.matching(" \u3000\n ") is None


def test_what_is_changed_removed_or_restored_is_found_as_it_is(
    search: PostmortemSearch, records: Records, ids: dict[str, str]
):
    records.change(Postmortem, ids["en"], {"body": "A certificate expired."})
    assert names(search, ids, "pool") == []
    assert names(search, ids, "certificate expired") == ["en"]
    records.remove(Postmortem, ids["en"])
    assert names(search, ids, "certificate") == []
    records.restore(Postmortem, ids["en"])
    assert names(search, ids, "certificate") == ["en"]


@given(query=st.text(max_size=30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_fails(search: PostmortemSearch, query: str):
    found = search.matching(query)
    assert found is None or found == ()

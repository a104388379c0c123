"""The cookie that Streamlit sets, read as Streamlit writes it."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Any

import pytest
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.tables import table
from tomoni.access.identity import Identity
from tomoni.access.seal import opened, sealed
from tomoni.access.sessions import COOKIE, Session, Sessions

SECRET, ORIGIN = "s" * 40, "https://slo.example.com"
SAID = {"sub": "1", "iss": "https://id.example", "email": "a@example.com", "email_verified": True}
NAMED = {"sre", "payments"}
READ = Session(SECRET, ORIGIN, 3600)


def cookies(*, secret: str = SECRET, cookie: str = COOKIE, **changes: Any) -> dict[str, str]:
    """The cookies of somebody who signed in, as Streamlit makes them."""
    made: dict[str, str] = {}
    value = {**SAID, "origin": ORIGIN, "is_logged_in": True, "provider": "default", **changes}

    def one(part: str, text: str) -> None:
        made[part] = create_signed_value(secret, part, text).decode()

    set_cookie_with_chunks(
        one, lambda part, text: create_signed_value(secret, part, text), cookie, value, cookie_attr_size=60
    )
    return Sessions(Session(secret, ORIGIN, 3600), time.time).kept(made, lambda: NAMED)


def read(given: dict[str, str], later: float = 0) -> Identity | None:
    return Sessions(READ, lambda: time.time() + later).identity(given)


def test_who_signed_in_is_known_until_the_session_ends():
    found = read(cookies())
    assert found is not None
    assert (found.subject, found.email) == ("1", "a@example.com")
    assert 3590 < found.until - time.time() <= 3600
    assert read(cookies(), later=3590) is not None
    assert read(cookies(), later=3602) is None


@table(("groups", "kept"), [(0, 0), (1, 1), (40, 40), (150, 150), (900, 2), (20_000, 2)])
def test_cookies_stay_short_enough_for_a_header_whatever_a_provider_says(groups: int, kept: int):
    """Of groups as Entra ID names them, with all that one usually says of somebody."""
    named = ["sre", "payments", *(str(uuid.uuid4()) for _ in range(groups - 2))][:groups]
    more: dict[str, Any] = {
        "nonce": secrets.token_hex(8),
        "picture": f"https://id.example/{secrets.token_hex(200)}",
        "wids": named[:9],
    }
    given = cookies(groups=named, **more)
    assert sum(len(f"{name}={value}; ") for name, value in given.items()) < 7_500
    assert all(len(value) < 4_000 for value in given.values())
    found = read(given)
    assert found is not None
    assert (found.subject, found.email, len(found.groups)) == ("1", "a@example.com", kept)
    assert found.groups == NAMED or found.groups == set(named)
    if COOKIE + "_1" in given:
        for name in given:
            assert read({key: value for key, value in given.items() if key != name}) is None


def test_the_log_says_where_the_rules_name_more_groups_of_somebody_than_cookies_hold(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def told() -> list[bool]:
        return ["name too many groups of one reader" in r.message for r in caplog.records if r.name == "tomoni.access"]

    groups = [str(uuid.uuid4()) for _ in range(400)]
    cookies(groups=groups)
    assert told() == []
    monkeypatch.setitem(globals(), "NAMED", set(groups))
    assert (found := read(cookies(groups=groups))) is not None
    assert len(found.groups) == len(groups)
    assert told() == [True]


def test_parts_of_two_sign_ins_are_none_whoever_they_are_of_and_each_session_has_a_name_of_its_own():
    groups = [secrets.token_hex(12) for number in range(200)]
    before, after = cookies(groups=groups, name="A"), cookies(groups=groups, name="B")
    assert len(before) == len(after) > 3
    sessions = {found.session for found in map(read, (before, after)) if found}
    assert len(sessions) == 2  # also of who signed in in the same second, whose first cookies are alike
    taken = [{**before, part: after[part]} for part in before if after[part] != before[part]]
    assert taken
    assert [read(each) for each in taken] == [None] * len(taken)
    found = read({**after, f"{COOKIE}_9": before[f"{COOKIE}_1"]})  # left over of a longer one
    assert found is not None
    assert found.session in sessions
    assert read({**cookies(), f"{COOKIE}_1": "left over"}) is not None


def test_a_value_of_another_cookie_or_of_a_stranger_is_none():
    tokens = cookies(cookie="_streamlit_user_tokens")["_streamlit_user_tokens"]
    mine = cookies()[COOKIE]
    for wrong in (tokens, mine[:-1], mine[1:], mine + "x", "", "chunks-3", '{"sub": "1"}', "..", "あ"):
        assert read({COOKIE: wrong}) is None
    assert read(cookies(secret="t" * 40)) is None
    assert read({}) is None


@pytest.mark.parametrize(
    "changes",
    [{"origin": "https://evil.example"}, {"is_logged_in": False}, {"is_logged_in": "yes"}, {"sub": None}, {"sub": ""}],
)
def test_a_cookie_of_elsewhere_or_of_nobody_is_none(changes: dict[str, Any]):
    assert read(cookies(**changes)) is None


def test_a_cookie_from_the_future_is_none():
    assert read(cookies(), later=-120) is None


@pytest.mark.parametrize("checked", [False, None, "true", 1])
def test_an_address_that_the_provider_did_not_check_does_not_count(checked: object):
    found = read(cookies(email_verified=checked))
    assert found is not None
    assert found.email == ""


def test_what_the_guard_seals_only_this_process_opens():
    identity = Identity("i", "1", "a@example.com", "A", frozenset({"x"}), 5)
    value = sealed(identity)
    assert opened(value) == identity
    body, _, mark = value.partition(".")
    for wrong in ("", body, f"{body}.", f"{body}.{'0' * 64}", f"x{body}.{mark}", value + "0"):
        assert opened(wrong) is None

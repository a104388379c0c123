"""The cookie that Streamlit sets, read as Streamlit writes it."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pytest
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tomoni.access.identity import Identity
from tomoni.access.seal import opened, sealed
from tomoni.access.sessions import COOKIE, Session, Sessions

SECRET, ORIGIN = "s" * 40, "https://slo.example.com"
SAID = {"sub": "1", "iss": "https://id.example", "email": "a@example.com", "email_verified": True}
READ = Session(SECRET, ORIGIN, 3600)


def cookies(*, secret: str = SECRET, name: str = COOKIE, **changes: Any) -> dict[str, str]:
    """The cookies of somebody who signed in, as Streamlit makes them."""
    made: dict[str, str] = {}
    value = {**SAID, "origin": ORIGIN, "is_logged_in": True, "provider": "default", **changes}

    def one(part: str, text: str) -> None:
        made[part] = create_signed_value(secret, part, text).decode()

    set_cookie_with_chunks(
        one, lambda part, text: create_signed_value(secret, part, text), name, value, cookie_attr_size=60
    )
    return made


def read(given: dict[str, str], later: float = 0) -> Identity | None:
    return Sessions(READ, lambda: time.time() + later).identity(given)


def test_who_signed_in_is_known_until_the_session_ends():
    found = read(cookies())
    assert found is not None
    assert (found.subject, found.email) == ("1", "a@example.com")
    assert 3590 < found.until - time.time() <= 3600
    assert read(cookies(), later=3590) is not None
    assert read(cookies(), later=3602) is None


def test_a_long_cookie_is_read_from_its_parts_and_not_without_one():
    given = cookies(groups=[secrets.token_hex(12) for number in range(900)])
    assert len(given) > 3
    found = read(given)
    assert found is not None
    assert len(found.groups) == 900
    for name in given:
        assert read({key: value for key, value in given.items() if key != name}) is None


def test_a_value_of_another_cookie_or_of_a_stranger_is_none():
    tokens = cookies(name="_streamlit_user_tokens")["_streamlit_user_tokens"]
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

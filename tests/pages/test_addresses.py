"""What an address says and a page does not apply is named, with what is similar."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, html_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("app", "chekout", "Similar: checkout"),
        ("at", "garbage", "at=garbage"),
        ("days", "9", "days=9"),
        ("dayz", "7", "Similar: days"),
        ("lang", "xx", "lang=xx"),
        ("state", "fine", "state=fine"),
        ("episode", "then", "episode=then"),
        ("lanes", "A B", "lanes=A B"),
    ],
)
def test_a_page_names_what_of_its_address_is_not_applied(open_page: Open, name: str, value: str, said: str) -> None:
    assert said in html_of(open_page("app_view", **{name: value}))

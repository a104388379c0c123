"""What counts as the page's address, and as a choice, while messages of before a change are still on their way."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tomoni.ui import choice, written_address


def address_page() -> None:
    import streamlit as st

    from tomoni.ui.written_address import full_address, write_address, write_parameter

    st.button("to b", on_click=write_address, args=({"at": "b"},))
    st.button("to c", on_click=write_address, args=({"at": "c"},))
    st.button("add", on_click=write_parameter, args=("more", "1"))
    st.text(str(full_address()))


def told(page: AppTest, **params: str) -> str:
    """What a page shows once the browser told an address."""
    page.query_params.clear()
    page.query_params.update(params)
    return page.run().text[0].value


@pytest.fixture
def page() -> AppTest:
    shown = AppTest.from_function(address_page)
    shown.query_params["at"] = "a"
    return shown.run()


def pressed(page: AppTest, place: int) -> str:
    return page.button[place].click().run().text[0].value


def test_a_message_that_still_tells_the_old_address_does_not_lead_back(page: AppTest):
    assert pressed(page, 0) == "{'at': ['b']}"
    assert told(page, at="a") == "{'at': ['b']}"
    assert page.query_params == {"at": "b"}, "the browser is told once more"


def test_of_two_presses_the_second_is_made_of_the_first(page: AppTest):
    pressed(page, 0)
    page.query_params["at"] = "a"
    assert pressed(page, 2) == "{'at': ['b'], 'more': ['1']}"
    assert told(page, at="a") == "{'at': ['b'], 'more': ['1']}"
    assert told(page, at="b") == "{'at': ['b'], 'more': ['1']}"


def test_once_the_browser_knows_the_old_address_is_a_place_to_go_back_to(page: AppTest):
    pressed(page, 0)
    assert told(page, at="b") == "{'at': ['b']}"
    assert told(page, at="a") == "{'at': ['a']}"


def test_an_address_that_nobody_left_is_where_the_reader_went(page: AppTest):
    pressed(page, 0)
    assert told(page, at="z") == "{'at': ['z']}"
    assert told(page, at="a") == "{'at': ['a']}"


def test_after_a_while_the_old_address_is_a_place_to_go_back_to(page: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(written_address, "_SECONDS_ON_THE_WAY", -1.0)
    pressed(page, 0)
    assert told(page, at="a") == "{'at': ['a']}"


def test_a_poll_with_the_old_address_leads_nowhere_however_late_it_is(page: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(written_address, "_SECONDS_ON_THE_WAY", -1.0)
    pressed(page, 0)
    monkeypatch.setattr(written_address, "is_of_fragment", lambda: True)
    assert told(page, at="a") == "{'at': ['b']}"
    assert told(page, at="b") == "{'at': ['b']}"


def test_a_parameter_leaves_repeated_ones_as_they_are(page: AppTest):
    page.query_params["at"] = ["a", "b"]
    assert pressed(page, 2) == "{'at': ['a', 'b'], 'more': ['1']}"


def choice_page() -> None:
    import streamlit as st

    from tomoni.ui.choice import on_choice

    def move() -> None:
        st.session_state["stored"] = "c"

    def store() -> None:
        st.session_state["stored"] = st.session_state["chosen"]
        st.session_state["times"] = st.session_state.get("times", 0) + 1

    st.session_state["chosen"] = st.session_state.get("stored", "a")
    st.selectbox("Which", ["a", "b", "c"], key="chosen", **on_choice("chosen", store))
    st.button("Moved by others", on_click=move)
    st.text(f"{st.session_state.get('stored', 'a')} {st.session_state.get('times', 0)}")


def chosen(page: AppTest, value: str) -> str:
    return page.selectbox[0].set_value(value).run().text[0].value


def test_a_choice_is_made_once_and_taken_back_at_once():
    page = AppTest.from_function(choice_page).run()
    assert chosen(page, "b") == "b 1"
    assert page.run().text[0].value == "b 1"
    assert chosen(page, "a") == "a 2"


def test_a_poll_does_not_bring_back_what_the_browser_showed_before(monkeypatch: pytest.MonkeyPatch):
    clock = SimpleNamespace(now=time.monotonic())
    monkeypatch.setattr(choice, "time", SimpleNamespace(monotonic=lambda: clock.now))
    page = AppTest.from_function(choice_page).run()
    page.button[0].click().run()
    monkeypatch.setattr(choice, "is_of_fragment", lambda: True)
    moved = clock.now
    for seconds, shown in ((0, "c 0"), (8, "c 0"), (12, "a 1")):
        clock.now = moved + seconds
        assert chosen(page, "a") == shown, seconds


def test_a_choice_that_the_message_of_a_fragment_brings_draws_the_whole_page(monkeypatch: pytest.MonkeyPatch):
    page = AppTest.from_function(choice_page).run()
    monkeypatch.setattr(choice, "is_of_fragment", lambda: True)
    assert chosen(page, "b") == "b 1"
    assert chosen(page, "a") == "a 2"


def fragment_page() -> None:
    import streamlit as st

    from tomoni.ui.choice import on_choice_here, on_press_here

    def store(key: str) -> None:
        st.session_state["stored"] = key

    @st.fragment
    def part() -> None:
        st.session_state.setdefault("slid", 1)
        st.slider("How much", 0, 9, key="slid", **on_choice_here("slid", store, "slid"))
        st.button("More", **on_press_here(store, "pressed"))
        st.text(st.session_state.get("stored", ""))

    part()


@pytest.mark.parametrize("widget", ["slid", "pressed"])
@pytest.mark.parametrize("brought", ["its own", "another's", "the page's"])
def test_a_choice_of_a_fragment_draws_the_page_only_where_another_fragment_brought_it(
    monkeypatch: pytest.MonkeyPatch, widget: str, brought: str
):
    page = AppTest.from_function(fragment_page).run()
    drawn: list[str] = []
    monkeypatch.setattr(choice, "is_of_fragment", lambda: brought != "the page's")
    monkeypatch.setattr(choice, "fragments_drawn", lambda: _Any() if brought == "its own" else ("another",))
    monkeypatch.setattr(st, "rerun", lambda: drawn.append("page"))
    slider, button = page.slider[0], page.button[0]
    (slider.set_value(5) if widget == "slid" else button.click()).run()
    assert page.text[0].value == widget
    assert drawn == (["page"] if brought == "another's" else [])


class _Any:
    """The fragments of a message, whichever is asked for."""

    def __contains__(self, fragment: str) -> bool:
        return bool(fragment)

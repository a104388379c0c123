"""What a page drew before does not stay in the memory of somebody's session."""

from __future__ import annotations

from typing import cast

from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from tomoni.ui.forgotten import forget_former_widgets


def drawn(states: WStates, *names: str, fragment: str = "") -> frozenset[str]:
    """Draws some widgets, as a run of a page or of a part does."""
    for name in names:
        made = WidgetMetadata(name, str, str, "string_value", fragment_id=fragment or None)
        states.set_widget_metadata(cast("WidgetMetadata[object]", made))
        states.set_from_value(name, name)
    return frozenset(names)


def test_a_page_that_is_drawn_a_thousand_times_keeps_what_its_last_two_runs_drew() -> None:
    forget_former_widgets()
    forget_former_widgets()
    states = WStates()
    for run in range(1000):
        states.remove_stale_widgets(drawn(states, "usual", f"of run {run}"), None)
    assert set(states.widget_metadata) == {"usual", "of run 998", "of run 999"}
    assert set(states) == {"usual", "of run 999"}


def test_a_part_that_is_drawn_anew_forgets_nothing_of_the_rest_of_the_page() -> None:
    forget_former_widgets()
    states = WStates()
    states.remove_stale_widgets(drawn(states, "of the page") | drawn(states, "of the part", fragment="part"), None)
    for run in range(5):
        states.remove_stale_widgets(drawn(states, f"of part {run}", fragment="part"), ["part"])
    assert set(states.widget_metadata) == {"of the page", "of part 3", "of part 4"}


def test_a_part_that_is_drawn_anew_between_two_runs_keeps_no_former_widget_of_the_page() -> None:
    forget_former_widgets()
    states = WStates()
    for run in range(4):
        of_part = drawn(states, "of the part", fragment="part")
        states.remove_stale_widgets(drawn(states, f"of run {run}") | of_part, None)
        states.remove_stale_widgets(of_part, ["part"])
    assert set(states.widget_metadata) == {"of the part", "of run 2", "of run 3"}


def test_what_a_component_triggers_is_known_for_as_long_as_runs_say_it_though_it_never_counts_as_drawn() -> None:
    forget_former_widgets()
    states = WStates()
    for _ in range(4):
        drawn(states, "trigger")
        states.remove_stale_widgets(drawn(states, "usual") | drawn(states, "of the part", fragment="part"), None)
        states.remove_stale_widgets(drawn(states, "of the part", fragment="part"), ["part"])
        assert "trigger" in states.widget_metadata
    for _ in range(2):
        states.remove_stale_widgets(drawn(states, "usual"), None)
    assert set(states.widget_metadata) == {"usual"}

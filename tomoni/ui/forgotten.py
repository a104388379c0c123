"""What a page drew before is forgotten while somebody goes on reading.

Streamlit 1.67 forgets the values of widgets that are not drawn any more, but keeps of each one how its value is read
and what is called when it changes, with all that these refer to: the page as it was. Somebody who reads for hours on
figures that change would take more and more memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates, _is_stale_widget

Remove = Callable[[WStates, frozenset[str], list[str] | None], None]


class _Known(dict[str, WidgetMetadata[Any]]):
    """What is known of the widgets of a session, and of which of them the run before left out."""

    stale: Mapping[str, WidgetMetadata[Any]] = MappingProxyType({})


class _Forgetting:
    """What stands in place of ``remove``. A press may still be on its way when its button goes: what one run leaves out
    is forgotten after the next that leaves it out. What a component triggers never counts as drawn, but each run says
    anew what is called then: only what nobody has said again since is forgotten."""

    def __init__(self, remove: Remove) -> None:
        self._remove = remove

    def __get__(self, states: WStates | None, _owner: type) -> object:
        return self if states is None else partial(self, states)

    def __call__(self, states: WStates, active_widget_ids: frozenset[str], fragments: list[str] | None) -> None:
        self._remove(states, active_widget_ids, fragments)
        known = states.widget_metadata
        if not isinstance(known, _Known):
            states.widget_metadata = known = _Known(known)
        stale = {name: each for name, each in known.items() if _is_stale_widget(each, active_widget_ids, fragments)}
        for name, each in stale.items():
            if known.stale.get(name) is each:
                del known[name]
        # A part that is drawn anew says nothing of the widgets of the rest of the page.
        left_out = {**known.stale, **stale}.items()
        known.stale = {name: each for name, each in left_out if name in known and name not in active_widget_ids}


def forget_former_widgets() -> None:
    """Let the sessions of this process forget so, from now on. Doing it again changes nothing."""
    if not isinstance(WStates.remove_stale_widgets, _Forgetting):
        WStates.remove_stale_widgets = _Forgetting(WStates.remove_stale_widgets)  # type: ignore[assignment, method-assign]

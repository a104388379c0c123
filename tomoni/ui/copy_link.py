"""The copy button: one click puts an address into the clipboard that shows everybody the same numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from streamlit.components.v2 import component

from tomoni.ui.context import Context
from tomoni.ui.url_state import View, whole

_SCRIPT = (Path(__file__).parent / "copy_link.js").read_text()
_CSS = """
button { font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.4rem);
  padding: 0.25rem 0.75rem; min-height: 2rem; white-space: nowrap; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""


def copy_link(context: Context, shown: View) -> None:
    """The button. ``shown`` is the view with what the page itself chose, such as its first app."""
    _ = context.text._
    mount = component("tomoni.copy_link", html="<button type='button'></button>", css=_CSS, js=_SCRIPT)
    mount(
        key="copy-link",
        data={
            "query": urlencode(link_params(context, shown)),
            "label": _("Copy link"),
            "done": _("Copied"),
            "by_hand": _("Copy this address:"),
        },
    )


def link_params(context: Context, shown: View) -> dict[str, str]:
    """The view with its moment and language written out, so that the link stays what it is."""
    return whole(replace(shown, at=context.as_of, lang=context.text.language, present=False))

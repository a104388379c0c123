"""Documents within a page: without their own header, and as tall as their content, so that only the page scrolls."""

from __future__ import annotations

import streamlit as st

from tomoni.snapshots.document.model import Document
from tomoni.snapshots.exporters.html import page as html

# The script by which the frame of `st.iframe` measures its content; a browser test fails when it is another one.
_MEASURING = "'sha256-DDFiVuFZGZu7dauH2HVkuyGeSeHw5ZgKt70bMpVHIwk='"


def scripts() -> tuple[str, ...]:
    """The scripts of embedded documents by their hashes: the policy of the page holds for its frames as well."""
    return _MEASURING, *html.scripts()


def embeddable(document: Document) -> str:
    """The HTML file of a document for a frame of a page that names the document itself."""
    whole = html.page(document, {})
    whole = whole.replace("<body>", "<body class='embedded'>", 1)
    return whole.replace("script-src ", f"script-src {_MEASURING} ", 1)


def embed(whole: str, alt: str) -> None:
    """Draw an embeddable file; ``alt`` names the frame for screen readers."""
    with st.container(key="embedded"):
        st.iframe(whole, alt=alt)

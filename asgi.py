"""What is started: ``streamlit run asgi.py`` or ``uvicorn asgi:app``.

Streamlit takes a folder ``pages/`` beside the script for its own page list until the first session
runs ``st.navigation``: in a fresh process the first deep link would run a page alone, without app.py
and whatever guards it. Switching that off is a private setting of streamlit 1.67; a browser test
opens a deep link first in a fresh process and fails when it stops working.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

PagesManager.uses_pages_directory = False
app = st.App("app.py")

"""The entry of every page and of the API: `streamlit run app.py`, or `uvicorn app:app`.

Streamlit reads this file twice: a server imports it once for the application, then executes it as
``__main__`` for every run of a page. Without the application, Streamlit would take the folder `pages/`
for its own list of pages until the first session runs ``st.navigation``: in a fresh process the first
deep link would run a page alone, without this file and whatever guards it. Switching that off is a
private setting of Streamlit 1.67; a browser test opens a deep link first in a fresh process and fails
when it stops working.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from tomoni.api.routes import routes
from tomoni.ui.context import tomoni
from tomoni.ui.entry import run_page

if __name__ == "__main__":
    run_page()
else:
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, routes=routes(tomoni))

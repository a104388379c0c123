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

from tomoni.ui.entry import run_page
from tomoni.ui.refusing import refused
from tomoni.ui.served import beside_pages

if __name__ == "__main__":
    run_page()
else:
    PagesManager.uses_pages_directory = False
    _around = beside_pages()
    # The server looks for this call in the text of the file.
    app = st.App(
        __file__,
        routes=_around.routes,
        middleware=_around.middleware,
        secrets=_around.secrets,
        on_script_error=refused,
        lifespan=_around.lifespan,
    )

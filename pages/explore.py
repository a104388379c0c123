"""Any metric beside any SLO, and the workshop in which two teams find a target."""

from __future__ import annotations

from tomoni.ui import frame
from tomoni.ui.explore.page import draw, resolve

frame.show(draw, resolve)

"""The first page of a process is drawn before the sources are asked; every later one has them asked as it begins."""

from __future__ import annotations

import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import cast

import pytest

from tomoni.ui import page_first
from tomoni.use_cases.product import Tomoni


@pytest.mark.parametrize("error", [None, ZeroDivisionError])
def test_nothing_of_the_first_page_lets_the_sources_be_asked_but_its_end_does(
    error: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_first, "_ONE_HAS_ENDED", threading.Event())
    done: list[str] = []
    product = cast(Tomoni, SimpleNamespace(refresh_in_background=lambda: done.append("asked")))
    for name in ("first", "second"):
        with suppress(ZeroDivisionError), page_first.page_first(product):
            done.append(f"{name} begins")
            page_first.keep_fresh(product)
            done.append(f"{name} ends")
            if error is not None:
                raise error
    assert done == ["first begins", "first ends", "asked", "asked", "second begins", "asked", "second ends"]

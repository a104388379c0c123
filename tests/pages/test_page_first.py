"""The first page of a process is drawn before the sources are asked; every later one has them asked as it begins."""

from __future__ import annotations

import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import cast

import pytest

from tests.tables import table
from tomoni.store.errors import StoreError
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


@table("error", [None, ZeroDivisionError])
def test_a_database_that_fails_at_the_end_of_the_first_page_leaves_the_page_what_it_has_to_tell(
    error: type[Exception] | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(page_first, "_ONE_HAS_ENDED", threading.Event())

    def fails() -> None:
        raise StoreError("database_unreachable", "", {})

    caplog.clear()
    product, told = cast(Tomoni, SimpleNamespace(refresh_in_background=fails)), ""
    try:
        with page_first.page_first(product):
            if error is not None:
                raise error
    except ZeroDivisionError:
        told = "its own error"
    assert told == ("its own error" if error else "")
    assert "database_unreachable" in caplog.text
    with pytest.raises(StoreError), page_first.page_first(product):  # later pages begin with it, and say so
        pass

"""Tables of small cases as one test each: pytest's own share of a test is more than such a case costs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from inspect import signature
from typing import Any

import pytest

Check = Callable[..., None]


def table(names: str | tuple[str, ...], rows: Collection[Any]) -> Callable[[Check], Check]:
    """Like ``pytest.mark.parametrize``, in one test that tells all rows that do not hold, each with what is wrong.

    Fixtures are made once for all rows. Several tables on a test are crossed. A table without rows does not hold.
    """
    columns = (names,) if isinstance(names, str) else names

    def decorate(check: Check) -> Check:
        @wraps(check)
        def test(**given: Any) -> None:
            wrong = [
                f"{', '.join(f'{name}={value!r}' for name, value in cells.items())}: {problem}"
                for cells in (dict(zip(columns, (row,) if len(columns) == 1 else row, strict=True)) for row in rows)
                if (problem := _problem(check, {**given, **cells}))
            ]
            if wrong or not rows:
                pytest.fail(f"{len(wrong)} of {len(rows)} rows do not hold\n" + "\n".join(wrong), pytrace=False)

        known = signature(check)
        fixtures = [each for name, each in known.parameters.items() if name not in columns]
        test.__signature__ = known.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return test

    return decorate


def _problem(check: Check, cells: dict[str, Any]) -> str:
    try:
        check(**cells)
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
        return f"{type(error).__name__}: {error}"
    return ""

"""Why the API did not do what was asked: a status, a code, a sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Fact


class ApiProblem(Exception):
    """A request that is not answered as asked: its HTTP status, a code of `words.api` and its facts."""

    def __init__(
        self, status: int, code: str, facts: Mapping[str, Fact] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code = status, code
        self.facts = dict(facts or {})
        self.headers = dict(headers or {})

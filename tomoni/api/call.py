"""One request as the handlers see it, and what is common to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tomoni.api.problems import ApiProblem
from tomoni.catalog.schema import App
from tomoni.meetings.tokens import Token
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import Text

LONGEST_KEY = 150
_SECONDS = re.compile(r"\d{9,13}(\.\d{1,9})?", re.ASCII)  # shorter ones are days, such as 20261124


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its token; ``place`` has the parts of the path, ``query`` those after it."""

    tomoni: Tomoni
    token: Token
    text: Text
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def now(self) -> int:
        """The present moment, Unix seconds."""
        return self.tomoni.now()

    def app(self, id_: str | None) -> App:
        """The app that is named, else that of the token. Raises ApiProblem: 403, 422."""
        wanted = id_ or self.token.app
        if not wanted:
            raise ApiProblem(422, "app_missing")
        self.allowed(wanted)
        found = self.tomoni.catalog.app(wanted)
        if found is None:
            raise ApiProblem(422, "app_unknown", {"app": wanted})
        return found

    def allowed(self, app: str) -> None:
        """Raises ApiProblem: 403 where the token is one of another app."""
        if not self.token.allows(app):
            raise ApiProblem(403, "token_of_another_app", {"app": app})

    def chosen_app(self) -> str | None:
        """The app of which something is listed: ``?app=``, else that of the token, None for all."""
        named = self.query.get("app") or self.token.app
        return self.app(named).id if named else None

    def moment(self, name: str) -> int | None:
        """A moment of the query, Unix seconds. Raises ApiProblem: 422."""
        written = self.query.get(name)
        return None if not written else moment_of(written, name)

    def takes(self, *names: str) -> None:
        """Raises ApiProblem: 422 where the query has a parameter that is none of these: it would change nothing."""
        for name in self.query:
            if name not in names:
                raise ApiProblem(422, "parameter_unknown", {"field": name[:80], "known": ", ".join(names)})

    @property
    def idempotency_key(self) -> str | None:
        """The key by which a repeated request is known, prefixed so that it is no sender's id."""
        key = self.headers.get("idempotency-key", "").strip()
        if len(key) > LONGEST_KEY:
            raise ApiProblem(422, "field_wrong", {"field": "Idempotency-Key", "reason": "shorter_text"})
        return f"idempotent:{key}" if key else None


def moment_of(written: object, name: str) -> int:
    """Unix seconds of RFC 3339 with a zone, or of a number of seconds. Raises ApiProblem: 422."""
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        seconds = float(written)
        return int(seconds / 1000 if seconds > 100_000_000_000 else seconds)  # milliseconds, as Grafana has them
    if _SECONDS.fullmatch(str(written).strip()):
        return moment_of(float(str(written)), name)
    try:
        found = datetime.fromisoformat(_iso(str(written).strip()))
        if found.tzinfo is None:
            raise ApiProblem(422, "zone_missing", {"field": name})
        return int(found.timestamp())
    except (ValueError, OverflowError):
        raise ApiProblem(422, "time_wrong", {"field": name}) from None


def _iso(written: str) -> str:
    """ISO 8601 of what GitLab writes (``2026-11-24 18:00:00 +0900``, ``… UTC``), and of a ``+`` that an address
    turned into a space."""
    plain = written.removesuffix(" UTC") + ("Z" if written.endswith(" UTC") else "")
    plain = re.sub(r" (?=[+-])", "", plain)
    return re.sub(r"(?<=T.{8}) (?=\d\d:?\d\d$)", "+", plain)

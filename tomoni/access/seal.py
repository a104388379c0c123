"""How the guard tells the pages of the same process who asks: by a header that it alone can write.

The guard takes away what a browser sends under this name. The seal is for a page that somebody runs without the guard:
there a header would be a stranger's, and without the key of this process it says nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from tomoni.access.identity import Identity

HEADER = "x-tomoni-person"
_KEY = secrets.token_bytes(32)


def sealed(identity: Identity) -> str:
    """An identity as the value of the header."""
    said = [identity.issuer, identity.subject, identity.email, identity.name, sorted(identity.groups), identity.until]
    body = urlsafe_b64encode(json.dumps(said).encode()).decode()
    return f"{body}.{_mark(body)}"


def opened(value: str) -> Identity | None:
    """The identity in a value; None where this process did not seal it."""
    body, _, mark = value.partition(".")
    if not hmac.compare_digest(_mark(body).encode(), mark.encode()):
        return None
    issuer, subject, email, name, groups, until = json.loads(urlsafe_b64decode(body))
    return Identity(issuer, subject, email, name, frozenset(groups), until)


def _mark(body: str) -> str:
    return hmac.new(_KEY, body.encode(), hashlib.sha256).hexdigest()

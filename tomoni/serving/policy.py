"""What a page may do in a browser: the headers of every answer.

The content security policy lets scripts, styles, fonts and pictures come from Tomoni alone. Two things it has to
allow: styles within elements, which Streamlit's own components write, and scripts from blobs, by which Streamlit
loads the scripts of components. A text that somebody typed can become neither: it is escaped, and no script
that stands in the page itself runs but the one that Streamlit ships and our own (`first_page.py`), by their hashes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FIXED: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def hashes_of(page: str) -> tuple[str, ...]:
    """The hashes of the scripts that stand in a page's HTML, as a policy names them."""
    scripts = _INLINE.findall(page)
    return tuple(f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in scripts)


def headers(scripts: tuple[str, ...], framed_by: tuple[str, ...] = ()) -> dict[str, str]:
    """The headers of an answer. ``scripts`` are the hashes of scripts that may stand in a page, ``framed_by`` the
    origins that may show Tomoni within a page of their own."""
    policy = {
        "default-src": ("'self'",),
        "script-src": ("'self'", "blob:", *scripts),
        "style-src": ("'self'", "'unsafe-inline'"),
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'", "data:"),
        "connect-src": ("'self'", "blob:", "data:"),
        "frame-src": ("'self'", "blob:"),
        "worker-src": ("'self'", "blob:"),
        "object-src": ("'none'",),
        "base-uri": ("'self'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'self'", *framed_by),
    }
    written = "; ".join(" ".join((name, *values)) for name, values in policy.items())
    framing = {} if framed_by else {"X-Frame-Options": "SAMEORIGIN"}
    return {"Content-Security-Policy": written, **_FIXED, **framing}

"""Secrets in the addresses of texts and links: pages, files and snapshots would show them to every reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

# Names of parameters whose values let somebody in, without signs and in lower case; by the whole name or its end.
_SECRET_NAMES = frozenset({"auth", "authorization", "jwt", "key", "pass", "pwd", "sas", "sig"})
_SECRET_ENDINGS: tuple[str, ...] = (
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "signature",
    "password",
    "passwd",
    "passphrase",
)
_SECRET_ENDINGS += ("secret", "credential", "credentials", "sessionid", "privatekey", "accesskeyid", "authkey")
# What tokens of known services look like, wherever in an address they stand.
_TOKENS = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      gh[pousr]_[A-Za-z0-9]{16,} | github_pat_\w{16,}             # GitHub
    | gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|imt)-[\w-]{16,}        # GitLab
    | xox[abeprs]-[\w-]{10,} | xapp-[\w-]{10,}                    # Slack
    | (?:AKIA|ASIA)[A-Z0-9]{16}                                   # AWS
    | AIza[\w-]{30,} | ya29\.[\w-]{16,}                           # Google
    | gl(?:sa|c)_[\w-]{16,}                                       # Grafana
    | (?:sk|rk|pk)_(?:live|test)_\w{16,} | sk-[\w-]{20,}          # Stripe and others
    | (?:npm|dop_v1|doo_v1|hf|pypi)[_-]\w{20,} | SG\.[\w-]{16,}\.[\w-]{16,}
    | eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?                        # JSON web tokens
    )""",
    re.VERBOSE,
)
# Addresses that are a secret as a whole: whoever has one may post.
_HOOKS = re.compile(r"//(?:hooks\.slack\.com/(?:services|workflows|triggers)/|[^/]*discord(?:app)?\.com/api/webhooks/)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"'`]+", re.IGNORECASE)
_UNQUOTINGS = 3  # how often an address is tried to be read as one inside another


def secret_in(url: str) -> str | None:
    """What of an address is a secret, in a word that does not contain it; None if nothing looks like one.

    ``password`` is one before the host, ``token`` what looks like the token of a known service, ``address``
    one that is a secret as a whole; else the name of the parameter.
    """
    read = url
    for _ in range(_UNQUOTINGS):
        if found := _secret_in(read):
            return found
        plain = unquote(read)
        if plain == read:
            break
        read = plain
    return None


def secrets_of_text(text: str) -> Iterator[tuple[int, str]]:
    """The line (from 1) and the kind of every secret in an address within a text."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in _ADDRESS.finditer(line):
            if (secret := secret_in(found[0])) is not None:
                yield number, secret


def _secret_in(url: str) -> str | None:
    for authority in re.findall(r"//([^/?#\\]*)@", url):
        if ":" in authority or _TOKENS.search(authority):
            return "password"
    if _HOOKS.search(url.lower()):
        return "address"
    for name, _ in re.findall(r"(?=[?&#;]([^=?&#;/]{1,80})=([^&#;\s]))", url):
        if _is_secret_name(name):
            return re.sub(r"[^\w.:-]", "", name)[:40]
    return "token" if _TOKENS.search(url) else None


def _is_secret_name(name: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain in _SECRET_NAMES or plain.endswith(_SECRET_ENDINGS)


def short(written: object) -> str:
    """What was written, for a sentence: one line, not too long, and nothing of an address with a secret."""
    text = "…" if any(secrets_of_text(str(written))) else " ".join(str(written).split())
    return text if len(text) <= 80 else text[:79] + "…"

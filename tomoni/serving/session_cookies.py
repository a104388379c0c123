"""The cookies of a sign-in, kept as small as what stands before and behind Tomoni takes.

Streamlit keeps all claims of a provider, and its tokens besides. Of somebody in many groups that is more than a header
may be long (8 KiB for a websocket here, and with many a proxy): the sign-in would end at a page that never comes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from starlette.types import Message

from tomoni.access.sessions import COOKIE, WHOLE

Keep = Callable[[Mapping[str, str]], Mapping[str, str]]


def keep_small(message: Message, there: Collection[str], keep: Keep) -> None:
    """Puts what ``keep`` makes of the cookies that an answer sets, by name and value, in their place; those that it
    takes away stay taken away, and what else is ``there`` of a former sign-in goes too."""
    set_, others = [], []
    for name, value in message["headers"]:
        cookie, attributes = _parts(value.decode("latin-1"))
        is_one = name.lower() == b"set-cookie" and cookie[0].startswith(COOKIE) and bool(cookie[1])
        (set_ if is_one else others).append((name, value, cookie, attributes))
    if not set_:
        return
    kept, attributes = keep(dict(each[2] for each in set_)), set_[0][3]
    gone = [name for name in there if name.startswith((COOKIE, WHOLE)) and name not in kept]
    lines = [f"{name}={value};{attributes}" for name, value in kept.items()]
    lines += [f"{name}=; {_path(attributes)}; Max-Age=0; HttpOnly; SameSite=lax" for name in gone]
    message["headers"] = [*(each[:2] for each in others), *((b"set-cookie", line.encode("latin-1")) for line in lines)]


def _path(attributes: str) -> str:
    return next((part.strip() for part in attributes.split(";") if part.strip().lower().startswith("path=")), "Path=/")


def _parts(set_cookie: str) -> tuple[tuple[str, str], str]:
    """The name and the value of a cookie, and its attributes."""
    pair, _, attributes = set_cookie.partition(";")
    name, _, value = pair.partition("=")
    return (name.strip(), value.strip().strip('"')), attributes

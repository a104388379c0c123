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
    read = [(each, *_parts(each[1].decode("latin-1"))) for each in message["headers"]]
    is_one = [each[0][0].lower() == b"set-cookie" and each[1].startswith(COOKIE) and bool(each[2]) for each in read]
    set_ = {name: value for (_, name, value, _), one in zip(read, is_one, strict=True) if one}
    if not set_:
        return
    kept, attributes = keep(set_), next(each[3] for each, one in zip(read, is_one, strict=True) if one)
    gone = [name for name in there if name.startswith((COOKIE, WHOLE)) and name not in kept]
    lines = [f"{name}={value};{attributes}" for name, value in kept.items()]
    lines += [f"{name}=; {_path(attributes)}; Max-Age=0; HttpOnly; SameSite=lax" for name in gone]
    others = [each[0] for each, one in zip(read, is_one, strict=True) if not one]
    message["headers"] = [*others, *((b"set-cookie", line.encode("latin-1")) for line in lines)]


def _path(attributes: str) -> str:
    return next((part.strip() for part in attributes.split(";") if part.strip().lower().startswith("path=")), "Path=/")


def _parts(set_cookie: str) -> tuple[str, str, str]:
    """The name and the value of a cookie, and its attributes."""
    pair, _, attributes = set_cookie.partition(";")
    name, _, value = pair.partition("=")
    return name.strip(), value.strip().strip('"'), attributes

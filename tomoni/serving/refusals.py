"""What those read who ask for what is not there, or by a name that is not ours: as a page, or as one line."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from tomoni.languages import SOURCE_LANGUAGE
from tomoni.serving.addresses import Addresses
from tomoni.words.text import Text, text_for

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Tomoni</title><style>
body {{ margin: 0; min-height: 90vh; display: grid; place-content: center; padding: 1.5rem;
  font: 1rem/1.6 "Source Sans 3", "Hiragino Sans", "Yu Gothic UI", "Noto Sans JP", "Noto Sans CJK JP", sans-serif;
  color: #1b2430; background: #f6f7f9; }}
h1 {{ font-size: 1.6rem; font-weight: 600; margin: 0 0 .4rem; }} p {{ margin: 0; max-width: 38rem; }}
a {{ color: #0069a6; }}
.go {{ display: inline-block; margin-top: .8rem; padding: .45rem 1.4rem; border-radius: .4rem; font-weight: 600;
  background: #0069a6; color: #fff; text-decoration: none; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e8ecf1; background: #10151c; }} a {{ color: #5cb3f0; }}
  .go {{ background: #5cb3f0; color: #10151c; }} }}
</style></head><body><main><h1>{title}</h1><p>{action}</p></main></body></html>
"""


def no_such_address(addresses: Addresses, headers: Mapping[str, str]) -> Response:
    """That nothing is at an address, with the way to the first page."""
    text = _text(headers)
    home = f"/{addresses.base}/" if addresses.base else "/"
    label = text._("To the overview")
    link = f"<a href='{escape(home)}'>{escape(label)}</a>"
    return _answer(404, text._("There is nothing at this address."), link, text, headers)


def unknown_host(host: str, headers: Mapping[str, str]) -> Response:
    """That Tomoni does not know itself by a name, and what lets it."""
    text = _text(headers)
    title = text._("Tomoni is not served under the name %(host)s here.") % {"host": text.quote(host[:100])}
    action = text._("If it should be, add the name to TOMONI_HOSTS, or set TOMONI_URL to the address that people open.")
    return _answer(421, title, escape(action), text, headers)


def not_open(headers: Mapping[str, str]) -> Response:
    """That Tomoni answers this machine alone as long as nobody signs in, and what changes it."""
    text = _text(headers)
    title = text._("Nobody signs in here, so Tomoni answers only to the machine that it runs on.")
    action = text._(
        "Whoever runs Tomoni can set up a sign-in (docs/sign-in.md), or open it to everybody with TOMONI_OPEN=1."
    )
    return _answer(403, title, escape(action), text, headers)


def not_signed_in(code: str, way: str, headers: Mapping[str, str]) -> Response:
    """That the provider did not sign a reader in, with the code of its reason and the way to try again."""
    text = _text(headers)
    title = text._("The sign-in did not succeed (%(code)s).") % {"code": code}
    label = text._("Try again")
    answer = _answer(401, title, f"<a class='go' href='{escape(way)}'>{escape(label)}</a>", text, headers)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def too_often(retry: Mapping[str, str], headers: Mapping[str, str]) -> Response:
    """That somebody tries to sign in too often, and when to try again."""
    text = _text(headers)
    action = text._("Try again after %(seconds)s s.") % {"seconds": retry.get("Retry-After", "1")}
    answer = _answer(429, text._("Too many requests."), escape(action), text, headers)
    answer.headers.update(retry)
    return answer


def too_large(limit: int, headers: Mapping[str, str]) -> Response:
    """That what was sent is more than anything here takes."""
    text = _text(headers)
    title = text._("The body is larger than %(limit)s bytes.") % {"limit": limit}
    return _answer(413, title, escape(text._("Send less at once.")), text, headers)


def sign_in_first(way: str | None, request: Request) -> Response:
    """That a reader has to sign in, with the way there, which leads back to what was asked for."""
    text = _text(request.headers, request.query_params.get("lang", ""))
    title = text._("Sign in to see the service levels.")
    if way is None:
        action = escape(text._("Open Tomoni by the address that your organization uses for it."))
    else:
        label = text._("Sign in")
        action = f"<a class='go' href='{escape(way)}'>{escape(label)}</a>"
    answer = _answer(401, title, action, text, request.headers if request.method == "GET" else {})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(status: int, title: str, action: str, text: Text, headers: Mapping[str, str]) -> Response:
    if "text/html" in headers.get("accept", ""):
        page = _PAGE.format(language=text.language, title=escape(title), action=action)
        return HTMLResponse(page, status)
    return PlainTextResponse(f"{title}\n", status)


def _text(headers: Mapping[str, str], chosen: str = "") -> Text:
    """Japanese for those who ask for it, in the address or by their browser."""
    wanted = chosen or headers.get("accept-language", "")[:2].lower()
    return text_for("ja" if wanted == "ja" else SOURCE_LANGUAGE)

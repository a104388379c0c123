"""Reads the body of a request within limits, before anything is made of it."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from starlette.requests import Request

from tomoni.api.problems import ApiProblem

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
Json = Any


async def read_json(request: Request) -> Json:
    """The body as JSON data. Raises ApiProblem: 413, 415, 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ApiProblem(415, "not_json", {"kind": kind or "-"})
    return parsed(await _read(request))


async def _read(request: Request) -> bytes:
    """The bytes, as they arrive: what is too long is not read to its end."""
    said = request.headers.get("content-length", "")
    kept = bytearray()
    if said.isdecimal() and int(said) > MOST_BYTES:
        raise ApiProblem(413, "body_too_large", {"limit": MOST_BYTES})
    async for chunk in request.stream():
        kept += chunk
        if len(kept) > MOST_BYTES:
            raise ApiProblem(413, "body_too_large", {"limit": MOST_BYTES})
    return bytes(kept)


def parsed(body: bytes) -> Json:
    """JSON data that is not nested deeper than anybody means. Raises ApiProblem: 422."""
    try:
        data = json.loads(body, parse_constant=_refuse, parse_float=_finite)
        json.dumps(data, ensure_ascii=False).encode()  # half of a sign that takes two is no text
    except (ValueError, RecursionError):
        raise ApiProblem(422, "json_invalid") from None
    if _deeper(data, MOST_DEPTH):
        raise ApiProblem(422, "json_too_deep", {"limit": MOST_DEPTH})
    return data


def _refuse(_constant: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError


def _finite(written: str) -> float:
    """A number that is too large for any calculation is none."""
    found = float(written)
    if not isfinite(found):
        raise ValueError
    return found


def _deeper(data: Json, levels: int) -> bool:
    if not isinstance(data, (dict, list)):
        return False
    inner = data.values() if isinstance(data, dict) else data
    return levels == 0 or any(_deeper(each, levels - 1) for each in inner)

"""What a file says of itself to programs: which snapshot it shows, from where, and its SLOs' numbers.

Every format carries it in its own way, so that `verify` can check a file that left the house. Its
``seal`` is the hash of all the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tomoni.snapshots.record.snapshot import SCHEMA, VERSION, Snapshot, canonical
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.words.text import text_for

KIND = f"{SCHEMA}.manifest"
Json = dict[str, Any]


def manifest(snapshot: Snapshot) -> Json:
    """The manifest of a snapshot; its words are English, whatever the file's language."""
    review, text = snapshot.review, text_for("en", snapshot.review.app.timezone)
    body: Json = {
        "schema": KIND,
        "version": VERSION,
        "snapshot": snapshot.hash,
        "app": review.app.id,
        "as_of": rfc3339(review.as_of),
        "start": rfc3339(review.start),
        **({"period": review.period.name} if review.period else {}),
        "made_at": rfc3339(snapshot.made_at),
        "made_by": snapshot.origin.product,
        "configuration": snapshot.origin.configuration,
        "definitions": {
            f"{track.status.journey.id}/{track.status.slo.id}": track.status.slo.series.key for track in review.tracks
        },
        "slos": [slo_json(track.status, text) for track in review.tracks],
    }
    return {**body, "seal": seal_of(body)}


def with_content(described: Json, content: str) -> Json:
    """A manifest that also holds the hash of the file around it, so that nothing in it can be altered."""
    body = {**described, "content": content_hash(content)}
    return {**body, "seal": seal_of(body)}


def with_parts(said: Json, parts: Mapping[str, str]) -> Json:
    """A manifest that also holds the hash of each part of what the file shows, by the part's name."""
    body = {**said, "parts": dict(parts)}
    return {**body, "seal": seal_of(body)}


def content_hash(content: str) -> str:
    """The hash of a text file without the manifest inside it."""
    return bytes_hash(content.encode())


def bytes_hash(content: bytes) -> str:
    """The hash of some content."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def seal_of(body: Json) -> str:
    """The hash of a manifest without its seal."""
    return bytes_hash(canonical({k: v for k, v in body.items() if k != "seal"}))


def is_manifest(data: object) -> bool:
    """Whether JSON data is a manifest."""
    return isinstance(data, dict) and data.get("schema") == KIND

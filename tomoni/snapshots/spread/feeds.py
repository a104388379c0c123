"""Feeds of the static site in Atom (RFC 4287): what is told of all apps, of those of a team, or of one.

Ids and dates follow from what was written alone, so that a reader is told of each thing once, whenever the site is
written.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from tomoni.snapshots.record.status import rfc3339

ATOM = "http://www.w3.org/2005/Atom"
MOST = 100  # entries of a feed, the newest
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "tomoni:portal")
_BLANKS = frozenset("\t\n")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing: ``key`` is what its id is made of, ``link`` its page within its language, moments are Unix seconds."""

    key: str
    title: str
    link: str
    published: int
    updated: int
    category: str
    author: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``key`` is what its id is made of, ``page`` the page that it is of and ``place`` its own, within its
    language. ``base`` is the address of that language's folder, ending with a slash; empty where it is not known."""

    key: str
    title: str
    place: str
    page: str
    language: str
    base: str
    entries: Sequence[FeedEntry]


def atom(feed: Feed) -> bytes:
    """The feed as a file. One without an entry is of the beginning of Unix time."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    newest = sorted(feed.entries, key=lambda each: (-each.updated, each.key))[:MOST]
    _add(root, "id", _id(feed.language, feed.key))
    _add(root, "title", feed.title)
    _add(root, "updated", rfc3339(max((each.updated for each in newest), default=0)))
    _add(_add(root, "author"), "name", "Tomoni")
    _add(root, "link", "", rel="self", type="application/atom+xml", href=_address(feed, feed.place))
    _add(root, "link", "", rel="alternate", type="text/html", href=_address(feed, feed.page))
    _add(root, "generator", "Tomoni")
    for each in newest:
        _entry(root, feed, each)
    ET.indent(root)
    content: str = ET.tostring(root, "unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{content}\n".encode()


def _entry(root: ET.Element, feed: Feed, each: FeedEntry) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", _id(feed.language, each.key))
    _add(entry, "title", each.title)
    _add(entry, "published", rfc3339(each.published))
    _add(entry, "updated", rfc3339(each.updated))
    _add(_add(entry, "author"), "name", each.author or "Tomoni")
    _add(entry, "link", "", rel="alternate", type="text/html", href=_address(feed, each.link))
    _add(entry, "category", "", term=each.category)
    if each.summary:
        _add(entry, "summary", each.summary)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{name}", {key: _clean(value) for key, value in attributes.items()})
    made.text = _clean(text) or None
    return made


def _address(feed: Feed, place: str) -> str:
    """An address; from the feed's own folder where that of the site is not known."""
    return feed.base + place if feed.base else "../" * feed.place.count("/") + place


def _id(language: str, key: str) -> str:
    return uuid.uuid5(_NAMES, f"{language}/{key}").urn


def _clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return "".join(sign for sign in text if sign in _BLANKS or (sign >= " " and _holds(ord(sign))))


def _holds(code: int) -> bool:
    return not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)

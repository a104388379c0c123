"""A document as PowerPoint, with the manifest among its parts.

A talk of about six slides comes first, of the parts that are steps of one: a sentence each, text that a room can
read, charts that can be edited, explanations as notes. Everything else follows behind a divider. Only how each
number was calculated is left to the other formats.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part as XmlData
from pptx.opc.packuri import PackURI

from tomoni.snapshots.document.model import Document
from tomoni.snapshots.exporters.html.blocks import escaped
from tomoni.snapshots.exporters.slides.draw import add_slide
from tomoni.snapshots.exporters.slides.flow import flow
from tomoni.snapshots.exporters.slides.look import Look
from tomoni.snapshots.exporters.slides.own import own_look
from tomoni.snapshots.exporters.slides.plan import Plan, remaining
from tomoni.snapshots.exporters.slides.shapes import plain
from tomoni.snapshots.exporters.slides.talk import talk
from tomoni.snapshots.exporters.slides.template import template_look
from tomoni.snapshots.exporters.template import Template
from tomoni.snapshots.record.manifest import bytes_hash, with_parts
from tomoni.words.text import text_for

_LONGEST_PROPERTY = 255
_LINES = 9  # of a divider
_LEAST_TALK = 3  # slides that are worth a divider from what follows
MANIFEST_PART, MANIFEST_SPACE = "/customXml/item1.xml", "urn:tomoni:manifest"


def as_slides(document: Document, manifest: Mapping[str, Any], template: Template | None = None) -> bytes:
    """The presentation, on a template or on our own master. Raises SnapshotError for a template that is none."""
    look = own_look(len(document.languages)) if template is None else template_look(template)
    for plan in _plans(document, look):
        add_slide(look, document, plan)
    properties = look.deck.core_properties
    properties.title, properties.author = plain(document.title)[:_LONGEST_PROPERTY], "Tomoni"
    properties.subject = plain(document.lead)[:_LONGEST_PROPERTY]
    # Where the format keeps data of others (ECMA-376, part 1, 15.2.5).
    name = PackURI(MANIFEST_PART)
    look.deck.part.relate_to(XmlData(name, CT.XML, look.deck.part.package, b""), RT.CUSTOM_XML)
    out = BytesIO()
    look.deck.save(out)
    return _with_manifest(out, manifest)


def _plans(document: Document, look: Look) -> Sequence[Plan]:
    """The slides: the talk, the divider, and what is behind it."""
    told = talk(document, look)
    later = remaining(document, told.rest)
    behind = flow(later, look)
    if len(told.plans) < _LEAST_TALK or not behind:
        return [*told.plans, *behind]
    titles = [text_for(language)._("Appendix") for language in document.languages]
    contents = _contents(list(dict.fromkeys(section.title for section in later)))
    return [*told.plans, Plan(" / ".join(dict.fromkeys(titles)), contents=contents), *behind]


def _contents(titles: Sequence[str]) -> tuple[str, ...]:
    """A line each, as long as a slide has room for them; of more several on a line."""
    on_a_line = -(-len(titles) // _LINES)
    return tuple(" · ".join(titles[n : n + on_a_line]) for n in range(0, len(titles), on_a_line))


def _with_manifest(deck: BytesIO, manifest: Mapping[str, Any]) -> bytes:
    """The presentation with the manifest in its place, which has the hashes of all other parts."""
    with zipfile.ZipFile(deck) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist() if not is_manifest_part(part)}
    sealed = with_parts(dict(manifest), {name: bytes_hash(content) for name, content in parts.items()})
    encoded = escaped(json.dumps(sealed, ensure_ascii=True, separators=(",", ":")))
    whole = f"<?xml version='1.0' encoding='UTF-8'?><manifest xmlns='{MANIFEST_SPACE}'>{encoded}</manifest>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {MANIFEST_PART.lstrip("/"): whole.encode()}).items():
            archive.writestr(name, content)
    return out.getvalue()


def is_manifest_part(part: zipfile.ZipInfo) -> bool:
    """Whether a part of a presentation is the manifest."""
    return part.filename == MANIFEST_PART.lstrip("/")

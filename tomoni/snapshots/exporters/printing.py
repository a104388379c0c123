"""PDF and PNG: the HTML file as Chromium prints it, with the manifest inside."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.html.blocks import escaped
from tomoni.snapshots.exporters.html.page import page
from tomoni.snapshots.exporters.job import Job
from tomoni.snapshots.files import temporary_folder

PDF_KEY = "/TomoniManifest"
PNG_KEY = b"tomoni.manifest"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def printed(job: Job, target: Path) -> None:
    """Prints a job into a file, PDF or PNG by the extension of its place.

    Raises SnapshotError: `chromium_missing`, `chromium_failed`, `chromium_timed_out`.
    """
    if job.printer is None:
        raise SnapshotError("chromium_missing", {"package": "chromium"})
    kind = job.place.suffix.removeprefix(".")
    with temporary_folder("print") as folder:
        source, out = folder / "page.html", folder / f"page.{kind}"
        source.write_bytes(page(job.document, job.manifest).encode())
        job.printer.print(kind, source, out, _footer(job))
        if kind == "pdf":
            _with_manifest(out, target, job.document.title, job.manifest)
        else:
            target.write_bytes(_chunked(out.read_bytes(), job.manifest))


def _footer(job: Job) -> str:
    """Title, what made it, and the page's number at the foot of each page."""
    left = escaped(f"{job.document.title} · {job.document.lead}")
    return (
        "<div style='font-size:7px;color:#5a6573;width:100%;padding:0 12mm;display:flex;"
        f"font-family:sans-serif'><span style='flex:1'>{left}</span>"
        "<span><span class='pageNumber'></span> / <span class='totalPages'></span></span></div>"
    )


def _with_manifest(source: Path, target: Path, title: str, manifest: dict[str, Any]) -> None:
    writer = PdfWriter(clone_from=PdfReader(source))
    encoded = json.dumps(manifest, ensure_ascii=True, separators=(",", ":"))
    writer.add_metadata({"/Title": title, "/Creator": f"Tomoni {manifest.get('made_by', '')}", PDF_KEY: encoded})
    writer.write(target)


def _chunked(png: bytes, manifest: dict[str, Any]) -> bytes:
    """The picture with the manifest in a text chunk (PNG 1.2, 4.2.3.2) behind the header."""
    encoded = (
        PNG_KEY + b"\0\0" + zlib.compress(json.dumps(manifest, ensure_ascii=True, separators=(",", ":")).encode(), 9)
    )
    end = len(_PNG_SIGNATURE) + 25  # the header chunk is the first, and 25 bytes long
    body = b"zTXt" + encoded
    return png[:end] + struct.pack(">I", len(encoded)) + body + struct.pack(">I", zlib.crc32(body)) + png[end:]


def pdf_manifest(content: Path) -> str | None:
    """The manifest in a PDF file as JSON, None without one."""
    try:
        metadata = PdfReader(content).metadata
    except PyPdfError:
        return None
    return str(metadata[PDF_KEY]) if metadata and PDF_KEY in metadata else None


def png_manifest(content: bytes) -> str | None:
    """The manifest in a PNG file as JSON, None without one."""
    at = len(_PNG_SIGNATURE)
    while content.startswith(_PNG_SIGNATURE) and at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if kind == b"zTXt" and body.startswith(PNG_KEY + b"\0\0"):
            return zlib.decompress(body[len(PNG_KEY) + 2 :]).decode()
        at += 12 + length
    return None

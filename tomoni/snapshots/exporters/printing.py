"""PDF and PNG: the HTML file as Chromium prints it, with the manifest inside."""

from __future__ import annotations

import json
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.html.blocks import escaped
from tomoni.snapshots.exporters.html.page import page
from tomoni.snapshots.exporters.job import Job
from tomoni.snapshots.files import temporary_folder
from tomoni.snapshots.record.manifest import bytes_hash, with_parts

PDF_KEY = "/TomoniManifest"
PNG_KEY = b"tomoni.manifest"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What stands for the two hashes in a PDF while they are not known: hashes of the whole file.
_NO_HASH, _NO_SEAL = "0" * 64, "f" * 64
_FOOTER_STYLE = (
    ".foot { display: flex; gap: 6mm; width: 100%; box-sizing: border-box; padding: 0 12mm; font: 8px sans-serif; "
    "color: #5a6573; white-space: nowrap; } "
    ".said { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }"
)
_LARGEST_MANIFEST = 20_000_000


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
    """App and period, as much of them as there is room for, and the page's number at the foot of each page."""
    left = escaped(f"{job.document.title} · {job.document.lead}")
    return (
        f"<style>{_FOOTER_STYLE}</style><div class='foot'><span class='said'>{left}</span>"
        "<span><span class='pageNumber'></span> / <span class='totalPages'></span></span></div>"
    )


def _with_manifest(source: Path, target: Path, title: str, manifest: dict[str, Any]) -> None:
    writer = PdfWriter(clone_from=PdfReader(source))
    blank = with_parts(manifest, {"file": f"sha256:{_NO_HASH}"}) | {"seal": f"sha256:{_NO_SEAL}"}
    encoded = json.dumps(blank, ensure_ascii=True, separators=(",", ":"))
    writer.add_metadata({"/Title": title, "/Creator": f"Tomoni {manifest.get('made_by', '')}", PDF_KEY: encoded})
    out = BytesIO()
    writer.write(out)
    content = out.getvalue()
    sealed = with_parts(manifest, {"file": bytes_hash(content)})
    # Both are as long as what they replace: nothing in the file moves.
    for blank_hash, stated in _own_hashes(sealed):
        content = content.replace(blank_hash, stated, 1)
    target.write_bytes(content)


def pdf_hash(content: bytes, manifest: dict[str, Any]) -> str:
    """The hash of a PDF file without the two hashes of it that its manifest states."""
    for blank_hash, stated in _own_hashes(manifest):
        content = content.replace(stated, blank_hash, 1)
    return bytes_hash(content)


def _own_hashes(manifest: dict[str, Any]) -> tuple[tuple[bytes, bytes], ...]:
    """The digits of the hashes that depend on the whole file, behind what stands for them while they are unknown."""
    hashes = ((_NO_HASH, manifest["parts"]["file"]), (_NO_SEAL, manifest["seal"]))
    return tuple((blank.encode(), str(stated).removeprefix("sha256:").encode()) for blank, stated in hashes)


def _chunked(png: bytes, manifest: dict[str, Any]) -> bytes:
    """The picture with the manifest in a text chunk (PNG 1.2, 4.2.3.2) behind the header."""
    sealed = with_parts(manifest, {"picture": bytes_hash(png)})
    encoded = (
        PNG_KEY + b"\0\0" + zlib.compress(json.dumps(sealed, ensure_ascii=True, separators=(",", ":")).encode(), 9)
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
    found = _png_chunk(content)
    if found is None:
        return None
    packed = content[found.start + 8 + len(PNG_KEY) + 2 : found.stop - 4]
    return zlib.decompressobj().decompress(packed, _LARGEST_MANIFEST).decode()


def png_hash(content: bytes) -> str:
    """The hash of a PNG file without the chunk of its manifest."""
    found = _png_chunk(content) or range(0)
    return bytes_hash(content[: found.start] + content[found.stop :])


def _png_chunk(content: bytes) -> range | None:
    """Where the chunk of the manifest is."""
    at = len(_PNG_SIGNATURE)
    while content.startswith(_PNG_SIGNATURE) and at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if kind == b"zTXt" and body.startswith(PNG_KEY + b"\0\0"):
            return range(at, at + 12 + length)
        at += 12 + length
    return None

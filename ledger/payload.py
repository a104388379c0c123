"""The bytes of one series and UTC day: named columns, each compressed for itself.

Layout, little-endian: ``TB``, format version (u8), number of columns (u8), number of buckets (u16);
then for each column: length of its name (u8), encoding (u8), length of its data (u32), name, data.
A column is float64, but for ``asked``, which is int64. Encodings: 0, one value for all buckets;
1, the values' bytes in planes (all first bytes, all second bytes, ...) under zlib. Neighbouring
values share their high bytes, so planes compress about twice as well as the values in a row, and a
constant column (no gap, no absent numerator, asked all at once) costs nothing to read.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float64] | npt.NDArray[np.int64]
ASKED = "asked"
_HEAD = struct.Struct("<2sBBH")
_COLUMN = struct.Struct("<BBI")
_MAGIC, _VERSION = b"TB", 1
_CONSTANT, _PLANES = 0, 1
_LEVEL = 3  # levels above cost twice the time for a few percent


class PayloadError(ValueError):
    """Bytes that are no payload, or one of another version."""


def pack(columns: Mapping[str, Column]) -> bytes:
    """The bytes of columns of one length; float64, and int64 for ``asked``."""
    size = len(next(iter(columns.values())))
    parts = [_HEAD.pack(_MAGIC, _VERSION, len(columns), size)]
    for name, values in columns.items():
        encoding, data = _encode(values)
        label = name.encode("ascii")
        parts += [_COLUMN.pack(len(label), encoding, len(data)), label, data]
    return b"".join(parts)


def _encode(values: Column) -> tuple[int, bytes]:
    octets = np.frombuffer(values.tobytes(), np.uint8).reshape(len(values), 8)
    if (octets == octets[0]).all():
        return _CONSTANT, octets[0].tobytes()
    planes = octets.T
    return _PLANES, zlib.compress(planes.tobytes(), _LEVEL)


def size_of(payload: bytes) -> int:
    """How many buckets a payload has. Raises PayloadError."""
    return _header(payload)[1]


def unpack_into(payload: bytes, place: Mapping[str, Column]) -> None:
    """Writes the columns named in ``place`` into its arrays, each of the payload's length.

    Other columns are skipped without unpacking them. Raises PayloadError.
    """
    for name, encoding, data in _columns(payload):
        target = place.get(name)
        if target is None:
            continue
        if encoding == _CONSTANT:
            target[:] = np.frombuffer(data, target.dtype)
        else:
            planes = _inflate(data, len(target))
            target.view(np.uint8).reshape(len(target), 8)[:] = planes.T


def names_of(payload: bytes) -> tuple[str, ...]:
    """The names of a payload's columns. Raises PayloadError."""
    return tuple(name for name, _, _ in _columns(payload))


def unpack(payload: bytes) -> dict[str, Column]:
    """All columns of a payload. Raises PayloadError."""
    size = size_of(payload)
    place: dict[str, Column] = {}
    for name in names_of(payload):
        place[name] = np.empty(size, np.int64) if name == ASKED else np.empty(size, np.float64)
    unpack_into(payload, place)
    return place


def _inflate(data: memoryview, size: int) -> npt.NDArray[np.uint8]:
    try:
        return np.frombuffer(zlib.decompress(data, bufsize=size * 8), np.uint8).reshape(8, size)
    except (zlib.error, ValueError) as error:
        raise PayloadError(str(error)) from None


def _header(payload: bytes) -> tuple[int, int]:
    if len(payload) < _HEAD.size:
        raise PayloadError("too short")
    magic, version, count, size = _HEAD.unpack_from(payload)
    if magic != _MAGIC or version != _VERSION:
        raise PayloadError(f"not a payload of version {_VERSION}")
    return count, size


def _columns(payload: bytes) -> Iterator[tuple[str, int, memoryview]]:
    count, _ = _header(payload)
    view, at = memoryview(payload), _HEAD.size
    try:
        for _ in range(count):
            length, encoding, data_length = _COLUMN.unpack_from(payload, at)
            begin = at + _COLUMN.size + length
            yield payload[at + _COLUMN.size : begin].decode("ascii"), encoding, view[begin : begin + data_length]
            at = begin + data_length
    except (struct.error, UnicodeDecodeError) as error:
        raise PayloadError(str(error)) from None

"""The bytes of one series and UTC day: named columns, each compressed for itself.

Layout, little-endian: ``TB``, format version (u8), number of columns (u8), number of buckets (u16);
then for each column: length of its name (u8), encoding (u8), length of its data (u32), name, data.
Version 2 has the number of columns and the length of a name as u16 and names in UTF-8; it is written
only where version 1 cannot hold what there is: the parts of an SLI that is split by the values of labels.
A column is float64, but for ``asked``, which is int64. Encodings: 0, one value for all buckets;
1, the values' bytes in planes (all first bytes, all second bytes, ...) under zlib; 2, the values.
Neighbouring values share their high bytes, so planes compress about twice as well as the values in
a row. A constant column (no absent numerator, fetched all at once) costs nothing to read, and
fractions that hardly compress are not slowed down by trying.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float64] | npt.NDArray[np.int64]
ASKED = "asked"
_MAGIC, _LAST_OF_BYTE = b"TB", 255
# The head of a payload and of a column, by version.
_LAYOUTS = {1: (struct.Struct("<2sBBH"), struct.Struct("<BBI")), 2: (struct.Struct("<2sBHH"), struct.Struct("<HBI"))}
_CONSTANT, _PLANES, _PLAIN = 0, 1, 2
_LEVEL = 3  # levels above cost twice the time for a few percent
_WORTH_IT = 0.8  # of the plain size


class PayloadError(ValueError):
    """Bytes that are no payload, or one of another version."""


def pack(columns: Mapping[str, Column]) -> bytes:
    """The bytes of columns of one length; float64, and int64 for ``asked``."""
    size = len(next(iter(columns.values())))
    labels = {name: name.encode() for name in columns}
    version = 1 if _fits_bytes(labels) else 2
    head, column = _LAYOUTS[version]
    parts = [head.pack(_MAGIC, version, len(columns), size)]
    for name, values in columns.items():
        encoding, data = _encode(values)
        label = labels[name]
        parts += [column.pack(len(label), encoding, len(data)), label, data]
    return b"".join(parts)


def _fits_bytes(labels: Mapping[str, bytes]) -> bool:
    """Whether the first version can hold these names."""
    return len(labels) <= _LAST_OF_BYTE and all(
        label.isascii() and len(label) <= _LAST_OF_BYTE for label in labels.values()
    )


def _encode(values: Column) -> tuple[int, bytes]:
    octets = np.frombuffer(values.tobytes(), np.uint8).reshape(len(values), 8)
    if (octets == octets[0]).all():
        return _CONSTANT, octets[0].tobytes()
    packed = zlib.compress(octets.T.tobytes(), _LEVEL)
    return (_PLANES, packed) if len(packed) < _WORTH_IT * octets.size else (_PLAIN, octets.tobytes())


@dataclass(frozen=True, slots=True)
class Packed:
    """A payload whose columns are found but not unpacked: (name, encoding, data) of each."""

    size: int
    parts: tuple[tuple[str, int, memoryview], ...]

    def write_into(self, place: Mapping[str, Column]) -> None:
        """Writes the columns named in ``place`` into its arrays, each of ``size``.

        Other columns are not unpacked. Raises PayloadError.
        """
        for name, encoding, data in self.parts:
            target = place.get(name)
            if target is not None:
                _decode(encoding, data, target)


def parse(payload: bytes) -> Packed:
    """Finds the columns of a payload. Raises PayloadError."""
    try:
        if payload[:2] != _MAGIC or len(payload) < 3 or payload[2] not in _LAYOUTS:
            raise PayloadError(f"not a payload of version {' or '.join(map(str, _LAYOUTS))}")
        head, column = _LAYOUTS[payload[2]]
        _, _, count, size = head.unpack_from(payload)
        return Packed(size, tuple(_parts(payload, head.size, column, count)))
    except (struct.error, UnicodeDecodeError) as error:
        raise PayloadError(str(error)) from None


def unpack(payload: bytes) -> dict[str, Column]:
    """All columns of a payload. Raises PayloadError."""
    packed = parse(payload)
    place: dict[str, Column] = {}
    for name, _, _ in packed.parts:
        place[name] = np.empty(packed.size, np.int64) if name == ASKED else np.empty(packed.size, np.float64)
    packed.write_into(place)
    return place


def _parts(payload: bytes, at: int, column: struct.Struct, count: int) -> Iterator[tuple[str, int, memoryview]]:
    view = memoryview(payload)
    for _ in range(count):
        length, encoding, data_length = column.unpack_from(payload, at)
        begin = at + column.size + length
        yield payload[at + column.size : begin].decode(), encoding, view[begin : begin + data_length]
        at = begin + data_length


def _decode(encoding: int, data: memoryview, target: Column) -> None:
    size = len(target)
    try:
        if encoding == _PLANES:
            planes = np.frombuffer(zlib.decompress(data, bufsize=size * 8), np.uint8).reshape(8, size)
            target.view(np.uint8).reshape(size, 8)[:] = planes.T
        else:
            target[:] = np.frombuffer(data, target.dtype, 1 if encoding == _CONSTANT else size)
    except (zlib.error, ValueError) as error:
        raise PayloadError(str(error)) from None

"""What a camera writes beside the picture (where, when, with which phone) is taken off before the bytes are kept.

个人信息保护法 第6条: no more is kept than the purpose needs. Only how the picture is turned stays, and its colours.
JPEG: ISO/IEC 10918-1 B.1.1.4 and Exif 2.32; PNG: W3C PNG 11.3; WebP: RFC 9649.
"""

import struct
from collections.abc import Iterator

_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_EXIF, _ICC = b"Exif\x00\x00", b"ICC_PROFILE\x00"
_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
)
_WEBP_DROPPED, _WEBP_FLAGS = frozenset({b"EXIF", b"XMP "}), 0x08 | 0x04


class NotReadable(ValueError):
    """The bytes are no picture of this kind from end to end."""


def without_traces(content: bytes, media_type: str) -> bytes:
    """Return the picture without position, time, device and comments; other files as they are."""
    strip = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    if strip is None:
        return content
    try:
        return strip(content)
    except (struct.error, IndexError) as broken:
        raise NotReadable(media_type) from broken


def _jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while True:
        if content[at] != 0xFF:
            raise NotReadable("image/jpeg")
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == _SOS:
            return b"".join(kept) + _scans(content, at)
        (length,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at : at + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise NotReadable("image/jpeg")
        kept.append(_kept_segment(marker, segment))
        at += 2 + length


def _kept_segment(marker: int, segment: bytes) -> bytes:
    if marker == _APP1:
        turned = _orientation(segment[4:])
        return _only_orientation(turned) if turned else b""
    named = marker in (_APP0, _APP14) or (marker == _APP2 and segment[4:].startswith(_ICC))
    if marker == _COMMENT or (_APP0 <= marker <= _APP15 and not named):
        return b""
    return segment


def _scans(content: bytes, start: int) -> bytes:
    """Return the picture's own data up to its end; phones hang films and second pictures behind it."""
    end = content.rfind(bytes((0xFF, _EOI)))
    first = content.find(bytes((0xFF, _EOI)), start)
    if first < 0:
        raise NotReadable("image/jpeg")
    # Within a scan 0xFF is followed by 0x00 or a restart marker, so that the first end mark is the true one.
    return content[start : min(first, end) + 2]


def _orientation(exif: bytes) -> int:
    """Return how an Exif block says the picture is turned, 0 if it does not."""
    if not exif.startswith(_EXIF):
        return 0
    tiff = exif[len(_EXIF) :]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(count):
            name, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * entry)
            if name == _ORIENTATION and 1 < value <= 8:
                return int(value)
    except struct.error:
        return 0
    return 0


def _only_orientation(turned: int) -> bytes:
    tiff = b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = _EXIF + tiff
    return bytes((0xFF, _APP1)) + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept = [_PNG]
    for name, chunk in _png_chunks(content):
        if name in _PNG_KEPT:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)
    raise NotReadable("image/png")


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if at + 12 + length > len(content):
            raise NotReadable("image/png")
        yield name, content[at : at + 12 + length]
        at += 12 + length


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise NotReadable("image/webp")
        if name == b"VP8X":
            chunk = chunk[:8] + bytes((chunk[8] & ~_WEBP_FLAGS & 0xFF,)) + chunk[9:]
        if name not in _WEBP_DROPPED:
            kept.append(chunk)
        at += len(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body

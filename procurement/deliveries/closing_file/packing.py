"""Putting files into a ZIP whose bytes depend on nothing but the files: no clock, no order of reading."""

import hashlib
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Self

EPOCH = (1980, 1, 1, 0, 0, 0)
MANIFEST = "SHA256SUMS"
STORED = (".jpg", ".jpeg", ".png", ".pdf", ".webp", ".zip")


class Packing:
    """A ZIP that is written member by member, ended by a list of their hashes that ``sha256sum -c`` reads."""

    def __init__(self, file: IO[bytes]) -> None:
        """Write into an open file, which stays open."""
        self._archive = zipfile.ZipFile(file, "w")
        self._sums: list[str] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """End the ZIP, with its hashes if it is whole."""
        if failed is None:
            self._write(MANIFEST, "".join(self._sums).encode())
        self._archive.close()

    def add(self, name: str, content: bytes) -> None:
        """Write the next member."""
        self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        self._write(name, content)

    def _write(self, name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self._archive.writestr(entry, content)


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of the members in their order."""
    kept = BytesIO()
    with Packing(kept) as packing:
        for name, content in members.items():
            packing.add(name, content)
    return kept.getvalue()

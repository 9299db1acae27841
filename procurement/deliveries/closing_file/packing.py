"""Putting files into a ZIP whose bytes depend on nothing but the files: no clock, no order of reading."""

import hashlib
import zipfile
from collections.abc import Mapping
from io import BytesIO

EPOCH = (1980, 1, 1, 0, 0, 0)
MANIFEST = "SHA256SUMS"
STORED = (".jpg", ".jpeg", ".png", ".pdf", ".webp", ".zip")


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of the members in their order, with a list of their hashes that ``sha256sum -c`` reads."""
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in members.items())
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in {**members, MANIFEST: sums.encode()}.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return kept.getvalue()

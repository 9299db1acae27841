"""Where the bytes lie: by their hash, written once, below FAHUI_DATA_DIR or in an object store."""

import asyncio
import contextlib
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import obstore
from obstore.store import from_url

from app.core.settings import settings


class ContentMissing(RuntimeError):
    """The database knows a file that the store does not have, or has damaged: a backup must bring it back."""


class Store(Protocol):
    """Keeps contents by SHA-256; the same content twice is one object."""

    address: str

    async def put(self, content: bytes) -> bytes:
        """Keep the content durably and return its hash."""
        ...

    async def get(self, sha256: bytes) -> bytes:
        """Return the content, or raise ContentMissing."""
        ...


class FolderStore:
    """The store of one machine: two levels of folders, a temporary name, then an atomic rename."""

    def __init__(self, root: Path) -> None:
        """Keep files below ``root``."""
        self.root, self.address = root, str(root)

    async def put(self, content: bytes) -> bytes:
        """Write the content unless it is there."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: bytes) -> bytes:
        """Read the content and check that it is what its name says."""
        content = await asyncio.to_thread(self._get, sha256)
        return checked(content, sha256)

    def path(self, sha256: bytes) -> Path:
        """Return where a content lies."""
        name = sha256.hex()
        return self.root / name[:2] / name[2:4] / name

    def _put(self, content: bytes) -> bytes:
        sha256 = hashlib.sha256(content).digest()
        final = self.path(sha256)
        if final.exists():
            return sha256
        final.parent.mkdir(parents=True, exist_ok=True)
        # Half-written files keep a name that nothing asks for; a crash leaves no file under a hash it is not.
        draft = final.with_name(f".{uuid4().hex}.part")
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(final)
        finally:
            draft.unlink(missing_ok=True)
        self._sync_folder(final.parent)
        return sha256

    def _get(self, sha256: bytes) -> bytes:
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise ContentMissing(f"{sha256.hex()} is not in {self.root}") from None

    def _sync_folder(self, folder: Path) -> None:
        """Make the new names durable, up to the root: a rename is not until its folder is written."""
        for each in (folder, folder.parent, self.root):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class BucketStore:
    """The store of several machines: a bucket that speaks S3, named by FAHUI_STORE_URL.

    Where it is and who may enter comes from the usual AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY (AWS_ALLOW_HTTP=true for one without TLS on the own network).
    """

    def __init__(self, address: str) -> None:
        """Keep files in ``address``, such as ``s3://bucket/folder``."""
        self.address = address
        self.bucket = from_url(address)

    async def put(self, content: bytes) -> bytes:
        """Write the content unless it is there; the bucket decides, so that two writers do not meet."""
        sha256 = hashlib.sha256(content).digest()
        with contextlib.suppress(obstore.exceptions.AlreadyExistsError):
            await self.bucket.put_async(self.path(sha256), content, mode="create")
        return sha256

    async def get(self, sha256: bytes) -> bytes:
        """Read the content and check that it is what its name says."""
        try:
            found = await self.bucket.get_async(self.path(sha256))
        except FileNotFoundError:
            raise ContentMissing(f"{sha256.hex()} is not in {self.address}") from None
        return checked(bytes(await found.bytes_async()), sha256)

    def path(self, sha256: bytes) -> str:
        """Return the key of a content."""
        return f"{sha256.hex()[:2]}/{sha256.hex()}"


def checked(content: bytes, sha256: bytes) -> bytes:
    """Return the content, or refuse bytes that are not what their name says."""
    if hashlib.sha256(content).digest() != sha256:
        raise ContentMissing(f"{sha256.hex()} is damaged")
    return content


async def reachable(kept: Store) -> str:
    """Write a line, read it back, and return where the store is; raise what keeps it from answering."""
    await kept.get(await kept.put(b"written by fahui doctor"))
    return kept.address


_registered: list[Store] = []


def register_store(store: Store) -> None:
    """Name another store than the data folder's."""
    _registered[:] = [store]


def store() -> Store:
    """Return the store in force: the one registered, or else what the settings name."""
    return _registered[0] if _registered else _named_by_the_settings()


@cache
def _named_by_the_settings() -> Store:
    if settings().store_url:
        return BucketStore(settings().store_url)
    return FolderStore(settings().data_dir / "attachments")

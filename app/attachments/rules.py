"""Which files are taken: their size, their kind as their own bytes tell it, their name."""

import re
import unicodedata
from pathlib import PurePosixPath

from app.core.errors import DomainError
from app.core.text import N_

MAX_BYTES = 10 * 1024 * 1024
"""Below the frame's limit for a request's body, so that the refusal is ours and readable."""

TEXT, CSV, PDF = "text/plain", "text/csv", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    CSV: ("csv",),
    TEXT: ("txt",),
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")


class FileTooLarge(DomainError):
    """The file is larger than what is taken."""

    code, status, message = "file_too_large", 413, N_("文件超过 %(megabytes)s MB，请压缩后再传。")


class FileEmpty(DomainError):
    """There is nothing in the file."""

    code, status, message = "file_empty", 422, N_("文件是空的，请重新选择。")


class FileKindRefused(DomainError):
    """The bytes are of no kind on the list, or of another one than the name says."""

    code, status = "file_kind_refused", 415
    message = N_("只接受 PDF、Word、Excel、CSV、TXT 和 PNG、JPEG、WebP 图片，且扩展名要与内容一致。")


def media_type(content: bytes, file_name: str) -> str:
    """Return the media type the bytes show, or refuse; what the browser claimed plays no part."""
    if not content:
        raise FileEmpty
    if len(content) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES // 1024 // 1024)
    extension = PurePosixPath(file_name).suffix.lower().lstrip(".")
    for shown in _shown(content):
        if extension in EXTENSIONS[shown]:
            return shown
    raise FileKindRefused


def clean_name(file_name: str) -> str:
    """Return a name that is safe in a header and on any disk, still readable; without its path."""
    base = re.split(r"[/\\]", file_name)[-1]
    plain = "".join(char for char in unicodedata.normalize("NFC", base) if unicodedata.category(char)[0] != "C")
    kept = re.sub(r'["<>|?*:;%]', "_", plain).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[:100]}{dot}{extension[:10]}" if dot else kept[:100] or "file"


def _shown(content: bytes) -> tuple[str, ...]:
    """Return the kinds that the bytes may be; only plain text may be two."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return (kind,)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ("image/webp",)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if _BINARY.search(content) is None and _is_utf8(content):
        return (TEXT, CSV)
    return ()


def _office(content: bytes) -> tuple[str, ...]:
    """Tell Word from Excel by the names in the archive's directory; macros are not taken."""
    if b"vbaProject" in content or b"[Content_Types].xml" not in content:
        return ()
    return tuple(kind for name, kind in ((b"word/document", DOCX), (b"xl/workbook", XLSX)) if name in content)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

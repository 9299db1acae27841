"""The public notices, the newest first: what 令110 §40 and 条例 §50 ask to be published."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core import database


class NoticeKind(StrEnum):
    """What a notice announces."""

    CALL = "call"
    ADMISSION = "admission"
    EXIT = "exit"
    REMOVAL = "removal"
    CONTRACT = "contract"
    QUOTATION = "quotation"


FOLDERS = {NoticeKind.CONTRACT: "contracts", NoticeKind.QUOTATION: "quotations"}


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice; ``organization`` is empty for a call."""

    published_at: datetime
    kind: NoticeKind
    key: str  # with the instant, the place in the list
    reference: str
    title_zh: str
    title_en: str
    organization_zh: str
    organization_en: str
    place_zh: str
    place_en: str

    @property
    def path(self) -> str:
        """Return where the matter can be read."""
        return f"/{FOLDERS.get(self.kind, 'frameworks')}/{self.reference}"


async def notices(kind: str = "", before: tuple[datetime, str] | None = None, limit: int = 51) -> list[NoticeView]:
    """Return notices of one kind, or of all."""
    at, key = before or (None, None)
    rows = await database.fetch(_NOTICES, kind, at, key, limit)
    return [NoticeView(**{**row, "kind": NoticeKind(row["kind"])}) for row in rows]


_ADMISSION = """FROM admission a JOIN framework f ON f.id = a.framework_id
    JOIN organization o ON o.id = a.organization_id JOIN place ON place.id = f.place_id"""
_WHAT = """f.reference, f.title_zh, f.title_en, o.name_zh AS organization_zh, o.name_en AS organization_en,
           place.name_zh AS place_zh, place.name_en AS place_en"""
_NOTICES = f"""
SELECT * FROM (
    SELECT f.published_at, 'call' AS kind, 'call/' || f.id AS key, f.reference, f.title_zh, f.title_en,
           '' AS organization_zh, '' AS organization_en, place.name_zh AS place_zh, place.name_en AS place_en
    FROM framework f JOIN place ON place.id = f.place_id WHERE f.published_at IS NOT NULL
    UNION ALL
    SELECT a.published_at, 'admission', 'admission/' || a.id, {_WHAT} {_ADMISSION} WHERE a.published_at IS NOT NULL
    UNION ALL
    SELECT a.ended_at, CASE a.status WHEN 'removed' THEN 'removal' ELSE 'exit' END, 'end/' || a.id, {_WHAT} {_ADMISSION}
    WHERE a.ended_at IS NOT NULL AND a.published_at IS NOT NULL
    UNION ALL
    SELECT c.signed_at, 'contract', 'contract/' || c.id, c.reference, v.title_zh, v.title_en, o.name_zh, o.name_en,
           place.name_zh, place.name_en
    FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN organization o ON o.id = c.organization_id
    JOIN place ON place.id = p.place_id
    JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
    WHERE c.signed_at IS NOT NULL
    UNION ALL
    SELECT p.approved_at, 'quotation', 'quotation/' || p.id, p.reference, v.title_zh, v.title_en, o.name_zh, o.name_en,
           place.name_zh, place.name_en
    FROM purchase p JOIN organization o ON o.id = p.organization_id JOIN place ON place.id = p.place_id
    JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
    WHERE p.method = 'quotation' AND p.approved_at IS NOT NULL
) AS notice
WHERE ($1 = '' OR kind = $1) AND ($2::timestamptz IS NULL OR (published_at, key) < ($2, $3))
ORDER BY published_at DESC, key DESC LIMIT $4
"""

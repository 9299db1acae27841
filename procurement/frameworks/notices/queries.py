"""The public notices, the newest first: what 令110 §19-20, §40 and 条例 §50 ask to be published."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.core import database
from app.core.errors import NotFound


class NoticeKind(StrEnum):
    """What a notice announces."""

    CALL = "call"
    ADMISSION = "admission"
    FORCE = "force"
    SUPPLEMENT = "supplement"
    EXIT = "exit"
    REMOVAL = "removal"
    EXPIRY = "expiry"
    CONTRACT = "contract"
    QUOTATION = "quotation"


FOLDERS = {NoticeKind.CONTRACT: "contracts", NoticeKind.QUOTATION: "quotations"}


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice; ``organization`` is empty where a framework itself takes the step."""

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
        return f"/{FOLDERS.get(self.kind, 'notices')}/{self.reference}"


@dataclass(frozen=True, slots=True)
class FrameworkNoticeView:
    """One published step of a framework, with all that the law wants to be read in it."""

    reference: str
    kind: NoticeKind
    published_at: datetime
    framework_reference: str
    framework_zh: str
    framework_en: str
    filing_number: str
    category: str
    unit: str
    rate_fen: int
    starts_on: date
    ends_on: date
    place_code: str
    place_zh: str
    place_en: str
    organization_public_id: UUID | None
    organization_zh: str | None
    organization_en: str | None
    uscc: str | None
    product_reference: str | None
    product_version: int | None
    title_zh: str | None
    title_en: str | None
    end_ground: str | None
    suppliers: int  # admitted today


async def notices(kind: str = "", before: tuple[datetime, str] | None = None, limit: int = 51) -> list[NoticeView]:
    """Return notices of one kind, or of all."""
    at, key = before or (None, None)
    rows = await database.fetch(_NOTICES, kind, at, key, limit)
    return [NoticeView(**{**row, "kind": NoticeKind(row["kind"])}) for row in rows]


async def notice(reference: str) -> FrameworkNoticeView:
    """Return one notice of a framework."""
    row = await database.fetch_one(f"{_NOTICE} WHERE n.reference = $1", reference)
    if row is None:
        raise NotFound
    return FrameworkNoticeView(**{**row, "kind": NoticeKind(row["kind"])})


async def notices_of(framework_id: int) -> list[NoticeView]:
    """Return what was published about one framework, the newest first."""
    rows = await database.fetch(f"{_STEPS} WHERE n.framework_id = $1 ORDER BY n.id DESC LIMIT 200", framework_id)
    return [NoticeView(**{**row, "kind": NoticeKind(row["kind"])}) for row in rows]


_FRAMEWORK = """
FROM framework_notice n JOIN framework f ON f.id = n.framework_id JOIN place ON place.id = f.place_id
LEFT JOIN admission a ON a.id = n.admission_id LEFT JOIN organization o ON o.id = a.organization_id
"""
_STEPS = f"""
SELECT n.published_at, n.kind, 'framework/' || n.id AS key, n.reference, f.title_zh, f.title_en,
       coalesce(o.name_zh, '') AS organization_zh, coalesce(o.name_en, '') AS organization_en,
       place.name_zh AS place_zh, place.name_en AS place_en {_FRAMEWORK}
"""
_NOTICE = f"""
SELECT n.reference, n.kind, n.published_at, f.reference AS framework_reference, f.title_zh AS framework_zh,
       f.title_en AS framework_en, f.filing_number, f.category, f.unit, f.rate_fen, f.starts_on, f.ends_on,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en, o.uscc,
       product.reference AS product_reference, a.product_version, v.title_zh, v.title_en, a.end_ground,
       (SELECT count(DISTINCT x.organization_id) FROM admission x
        WHERE x.framework_id = f.id AND x.status = 'admitted') AS suppliers
{_FRAMEWORK}
LEFT JOIN product ON product.id = a.product_id
LEFT JOIN product_version v ON v.product_id = a.product_id AND v.number = a.product_version
"""
_NOTICES = f"""
SELECT * FROM (
    {_STEPS}
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

"""Reading what was opened, with who may read its attachments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal
from app.core.text import Message
from procurement import law
from procurement.offers import rules
from procurement.offers.rules import Compared, Ground, LowFigures
from procurement.reading import BUYERS


@dataclass(frozen=True, slots=True)
class OpenedView:
    """One quotation as the comparison shows it."""

    id: int
    public_id: UUID
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    uscc: str
    received_at: datetime
    sha256: bytes
    unit_price_fen: int | None
    product_id: int | None
    product_version: int | None
    product_reference: str | None
    title_zh: str | None
    title_en: str | None
    words_zh: str
    met: list[int]
    legal_representative: str
    controlled_by: str
    ground: Ground | None
    reason_zh: str

    @property
    def counts(self) -> bool:
        """Tell whether the quotation takes part."""
        return self.ground is None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was opened, the lowest price that counts, and which prices ask to be looked at again."""

    quotations: list[OpenedView]
    lowest_id: int | None
    low: dict[int, list[Message]]

    @property
    def countable(self) -> int:
        """Return how many quotations count."""
        return sum(one.counts for one in self.quotations)


async def opened(purchase_id: int, ceiling_fen: int) -> Comparison:
    """Return the quotations of the latest round, those that count first, the cheapest first."""
    rows = await database.fetch(_OPENED, purchase_id)
    views = [OpenedView(**{**row, "ground": Ground(row["ground"]) if row["ground"] else None}) for row in rows]
    counted = [Compared(one.id, one.unit_price_fen) for one in views if one.counts and one.unit_price_fen]
    low = rules.low_prices(counted, ceiling_fen, await _low_figures()) if counted else {}
    return Comparison(views, counted[0].id if counted else None, low)


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that came with a quotation."""

    public_id: UUID
    file_name: str


async def files_of(opened_quotation_ids: Sequence[int]) -> dict[int, list[FileView]]:
    """Return the files of opened quotations."""
    rows = await database.fetch(
        """SELECT owner_id, public_id, file_name FROM attachment
           WHERE owner_type = 'opened_quotation' AND owner_id = ANY($1) ORDER BY id""",
        list(opened_quotation_ids),
    )
    found: dict[int, list[FileView]] = {}
    for row in rows:
        found.setdefault(row["owner_id"], []).append(FileView(row["public_id"], row["file_name"]))
    return found


async def may_read(principal: Principal, opened_quotation_id: int) -> bool:
    """Tell whether somebody may read a quotation's attachment: the purchase's officers and its supplier."""
    row = await database.fetch_one(
        """SELECT place.code, q.organization_id FROM opened_quotation q JOIN quotation_round r ON r.id = q.round_id
           JOIN purchase p ON p.id = r.purchase_id JOIN place ON place.id = p.place_id WHERE q.id = $1""",
        opened_quotation_id,
    )
    if row is None:
        return False
    buying = [principal.scopes[one] for one in BUYERS if one in principal.scopes]
    own = any(scope.covers_organization(row["organization_id"]) for scope in principal.scopes.values())
    return own or any(scope.covers_place(row["code"]) for scope in buying)


async def _low_figures() -> LowFigures:
    today = clock.today()
    figures = [await law.figure(key, today) for key in (law.LOW_OF_MEAN, law.LOW_OF_SECOND, law.LOW_OF_CEILING)]
    return LowFigures(*figures)


_OPENED = """
SELECT q.id, q.public_id, o.public_id AS organization_public_id, o.name_zh AS organization_zh,
       o.name_en AS organization_en, o.uscc, s.received_at, s.ciphertext_sha256 AS sha256, q.unit_price_fen,
       q.product_id, q.product_version, product.reference AS product_reference, v.title_zh, v.title_en, q.words_zh,
       q.met, q.legal_representative, q.controlled_by, x.ground, coalesce(x.reason_zh, '') AS reason_zh
FROM opened_quotation q JOIN quotation_round r ON r.id = q.round_id JOIN sealed_quotation s ON s.id = q.quotation_id
JOIN organization o ON o.id = q.organization_id LEFT JOIN product ON product.id = q.product_id
LEFT JOIN product_version v ON v.product_id = q.product_id AND v.number = q.product_version
LEFT JOIN quotation_exclusion x ON x.opened_quotation_id = q.id
WHERE r.purchase_id = $1 AND r.number = (SELECT max(n.number) FROM quotation_round n WHERE n.purchase_id = $1)
ORDER BY x.id IS NOT NULL, q.unit_price_fen, s.received_at
"""

"""What a batch takes from each budget line, with its codes and the voucher that pays it."""

from dataclasses import dataclass

from app.core import database


@dataclass(frozen=True, slots=True)
class LineShare:
    """A batch's part of one budget line, before tax; the voucher's number is empty until it is recorded."""

    line_id: int
    year: int
    place_code: str
    place_zh: str
    place_en: str
    programme: str
    programme_zh: str
    programme_en: str
    functional_code: str
    economic_code: str
    claims: int
    amount_fen: int
    voucher_id: int | None
    voucher: str

    @property
    def handle(self) -> str:
        """Return the line's name outside the server: 2026-330106-on_site."""
        return f"{self.year}-{self.place_code}-{self.programme}"


_SHARES = """
SELECT line.id AS line_id, line.year, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       programme.code AS programme, programme.name_zh AS programme_zh, programme.name_en AS programme_en,
       line.functional_code, line.economic_code, taken.claims, taken.amount_fen, v.id AS voucher_id,
       coalesce(v.number, '') AS voucher
FROM (SELECT charged.id AS budget_line_id, count(*)::integer AS claims, sum(i.amount_fen)::bigint AS amount_fen
      FROM settlement_item i JOIN claim c ON c.id = i.claim_id JOIN budget_line line ON line.id = c.budget_line_id
      CROSS JOIN LATERAL (SELECT CASE WHEN line.closing_id IS NULL THEN line.id ELSE charged_line(i.id) END AS id)
          AS charged
      WHERE i.batch_id = $1 GROUP BY charged.id) AS taken
JOIN budget_line line ON line.id = taken.budget_line_id JOIN place ON place.id = line.place_id
JOIN programme ON programme.id = line.programme_id
LEFT JOIN treasury_voucher v ON (v.batch_id, v.budget_line_id) = ($1, line.id)
    AND NOT EXISTS (SELECT FROM treasury_voucher later WHERE later.replaces = v.id)
ORDER BY line.year, place.code, programme.id
"""


async def line_shares(batch_id: int) -> list[LineShare]:
    """Return what a batch takes from each budget line; whoever may read the batch may read it."""
    return [LineShare(**row) for row in await database.fetch(_SHARES, batch_id)]

"""Keeping a contract's lines: written at the signature, or before the first judgement of an older contract."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.core import database
from app.core.database import Row
from procurement.contracts.requirements.rules import Line, LineKind, Requirement, requirement_lines


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line as it is kept."""

    id: int
    line: Line


async def keep_lines(contract_ids: Sequence[int]) -> None:
    """Write the lines of contracts that have none, in the current transaction; a second call finds them."""
    missing = await database.fetch(_WITHOUT, sorted(set(contract_ids)))
    rows = [
        (row["contract_id"], line.number, line.kind.value, line.text_zh, line.figure)
        for row in missing
        for line in requirement_lines(_requirement(row))
    ]
    if rows:
        await database.execute(_INSERT, *database.columns(rows, 5))


async def lines_of(contract_ids: Sequence[int]) -> dict[int, list[KeptLine]]:
    """Return the lines of contracts by contract, in their order."""
    rows = await database.fetch(
        """SELECT id, contract_id, number, kind, text_zh, figure FROM requirement_line
           WHERE contract_id = ANY($1) ORDER BY contract_id, number""",
        sorted(set(contract_ids)),
    )
    found: dict[int, list[KeptLine]] = defaultdict(list)
    for row in rows:
        line = Line(row["number"], LineKind(row["kind"]), row["text_zh"], row["figure"])
        found[row["contract_id"]].append(KeptLine(row["id"], line))
    return found


async def lines_of_order(order_id: int) -> list[Line]:
    """Return the lines that an order's delivery is judged by; those of an older contract are made on the spot."""
    rows = await database.fetch(
        """SELECT l.number, l.kind, l.text_zh, l.figure, o.contract_id FROM village_order o
           LEFT JOIN requirement_line l ON l.contract_id = o.contract_id WHERE o.id = $1 ORDER BY l.number""",
        order_id,
    )
    if rows and rows[0]["number"] is None:
        made = await database.fetch(_WITHOUT, [rows[0]["contract_id"]])
        return [line for row in made for line in requirement_lines(_requirement(row))]
    return [Line(row["number"], LineKind(row["kind"]), row["text_zh"], row["figure"]) for row in rows]


def _requirement(row: Row) -> Requirement:
    return Requirement(**{name: row[name] for name in Requirement.__dataclass_fields__})


_WITHOUT = """
SELECT c.id AS contract_id, v.content_zh, v.standard_zh, v.staffing_zh, v.process_zh, v.minutes, v.people
FROM contract c JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
WHERE c.id = ANY($1) AND NOT EXISTS (SELECT FROM requirement_line l WHERE l.contract_id = c.id) ORDER BY c.id
"""
_INSERT = """
INSERT INTO requirement_line (contract_id, number, kind, text_zh, figure)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::integer[])
ON CONFLICT (contract_id, number) DO NOTHING
"""

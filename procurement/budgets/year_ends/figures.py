"""Reading a year's lines as a closing finds them, and judging each; the page shows it and the closing does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core import clock, database
from app.core.database import Row
from app.core.text import Words
from app.rulebook import Rule, lawbook
from procurement import law
from procurement.blocks import Block
from procurement.budgets.queries import LineView
from procurement.budgets.rules import Amounts, Fund
from procurement.budgets.year_ends import rules
from procurement.budgets.year_ends.queries import HOLDER_COLUMNS, holder_of
from procurement.budgets.year_ends.rules import Held, Judged, Line, Pot


@dataclass(frozen=True, slots=True)
class LineEnd:
    """A line with what becomes of it, and the purchases that hold money of it and have no contract yet."""

    view: LineView
    judged: Judged
    undecided: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A year of a place as it stands now: what would become of each line, and what stands in the way."""

    lines: tuple[LineEnd, ...]
    blocks: tuple[Block, ...]
    carry: Rule
    left_over: Rule
    fingerprint: bytes

    @property
    def figures(self) -> tuple[Rule, Rule]:
        """Return the rows of the rulebook that decide."""
        return self.carry, self.left_over


async def year_end(place_code: str, year: int) -> YearEnd:
    """Judge the open lines of a year in a place; a line that is closed already is not judged again."""
    book = await lawbook(law.CARRY_YEARS, law.LEFT_OVER)
    last_day = date(year, 12, 31)
    carry, left_over = (_required(book.on(key, last_day, place_code)) for key in (law.CARRY_YEARS, law.LEFT_OVER))
    rows = await database.fetch(_LINES, place_code, year)
    holding = await _holding([row["id"] for row in rows])
    known = [_line(row, holding.get(row["id"], {})) for row in rows]
    ends = tuple(_end(row, line, year, carry.whole) for row, line in zip(rows, known, strict=True))
    [standing] = await database.fetch(_STANDING, place_code, year)
    blocks = rules.blocks(year, clock.today(), standing["months"], standing["years"], known)
    judged = {end.view.id: (end.view.amounts, end.judged) for end in ends}
    return YearEnd(ends, tuple(blocks), carry, left_over, rules.fingerprint(carry.whole, judged))


def _required(rule: Rule | None) -> Rule:
    if rule is None:
        raise LookupError("the rulebook lacks the figures of a year's end")
    return rule


def _end(row: Row, line: Line, year: int, carry_years: int) -> LineEnd:
    view = LineView(
        row["id"], row["programme"], row["programme_zh"], row["programme_en"], row["place_code"], row["place_zh"],
        row["place_en"], year, row["functional_code"], row["economic_code"], line.amounts, Fund(row["fund"]),
    )  # fmt: skip
    return LineEnd(view, rules.judge(line.amounts, view.fund, year, carry_years, line.bound), line.undecided)


def _line(row: Row, holding: Mapping[str, list[Held]]) -> Line:
    amounts = Amounts(*(row[f"{name}_fen"] for name in ("approved", "reserved", "committed", "spent", "closed")))
    return Line(
        row["id"],
        Words(*(f"{row[f'place_{of}'] or row['place_zh']} {row[f'programme_{of}']}" for of in ("zh", "en"))),
        amounts,
        (row["functional_code"], row["economic_code"]),
        (row["next_functional"], row["next_economic"]) if row["next_functional"] else None,
        tuple(holding.get("bound", ())),
        tuple(holding.get("undecided", ())),
    )


async def _holding(line_ids: list[int]) -> dict[int, dict[str, list[Held]]]:
    """Return what contracts and claims hold of each line, and apart what purchases without a contract do."""
    found: dict[int, dict[str, list[Held]]] = {}
    for row in await database.fetch(_HELD, line_ids):
        purchase, claim = row["purchase_id"], row["claim_id"]
        own = found.setdefault(row["budget_line_id"], {"bound": [], "undecided": []})
        about = (row["origin_year"], purchase, claim, row["reference"], row["title_zh"], row["title_en"])
        if row["committed"]:
            own["bound"].append(Held(Pot.COMMITTED, row["committed"], *about))
        if row["reserved"]:
            own["bound" if claim else "undecided"].append(Held(Pot.RESERVED, row["reserved"], *about))
    return found


_LINES = """
SELECT l.id, p.code AS programme, p.name_zh AS programme_zh, p.name_en AS programme_en, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, l.functional_code, l.economic_code, l.approved_fen,
       l.reserved_fen, l.committed_fen, l.spent_fen, l.closed_fen, l.fund, following.functional_code AS next_functional,
       following.economic_code AS next_economic
FROM budget_line l JOIN programme p ON p.id = l.programme_id JOIN place ON place.id = l.place_id
LEFT JOIN budget_line following
    ON (following.programme_id, following.place_id, following.year) = (l.programme_id, l.place_id, l.year + 1)
WHERE place.code = $1 AND l.year = $2 AND l.closing_id IS NULL ORDER BY l.fund DESC, p.id
"""
_HELD = f"""
SELECT held.*, {HOLDER_COLUMNS}, began.year AS origin_year
FROM (SELECT m.budget_line_id, m.purchase_id, m.claim_id, sum(m.reserved_fen)::bigint AS reserved,
             sum(m.committed_fen)::bigint AS committed
      FROM budget_moved m WHERE m.budget_line_id = ANY($1) AND (m.purchase_id IS NOT NULL OR m.claim_id IS NOT NULL)
      GROUP BY 1, 2, 3 HAVING sum(m.reserved_fen) <> 0 OR sum(m.committed_fen) <> 0) AS held
{holder_of("held")}
JOIN budget_line began ON began.id = coalesce(purchase.budget_line_id, claim.budget_line_id)
ORDER BY held.budget_line_id, held.purchase_id, held.claim_id
"""
_STANDING = """
SELECT ARRAY(SELECT starts_on FROM ledger_period
             WHERE extract(year FROM starts_on) = $2::integer AND closed_at IS NULL ORDER BY 1) AS months,
       ARRAY(SELECT DISTINCT l.year FROM budget_line l JOIN place ON place.id = l.place_id
             WHERE place.code = $1 AND l.year < $2::integer AND l.closing_id IS NULL ORDER BY 1) AS years
"""

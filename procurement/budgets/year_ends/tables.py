"""What the end of a year did to each line, and to each contract and claim that held money of it."""

from piccolo.columns import UUID, BigInt, Bytea, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class YearClosing(Table, tablename="year_closing", db=DB):
    """A year of a place: prepared by one person, closed by another."""

    id = identity()
    public_id = UUID(unique=True)
    year = Integer()
    place_id = required("marketplace.places.tables.Place")
    status = words()
    carry_years = Integer()
    figures_sha256 = Bytea()
    prepared_by = required("app.accounts.tables.Account")
    prepared_at = Timestamptz()
    closed_by = optional("app.accounts.tables.Account")
    closed_at = Timestamptz(null=True, default=None)


class YearClosingLine(Table, tablename="year_closing_line", db=DB):
    """A line of that year and the line that stands in for it; append-only."""

    id = identity()
    closing_id = required(YearClosing)
    budget_line_id = required("procurement.budgets.tables.BudgetLine")
    to_line_id = required("procurement.budgets.tables.BudgetLine")
    approved_fen = BigInt()
    spent_fen = BigInt()
    lapsed_fen = BigInt()
    carried_fen = BigInt()


class YearClosingItem(Table, tablename="year_closing_item", db=DB):
    """What was left in a line, by what held it; append-only."""

    id = identity()
    closing_line_id = required(YearClosingLine)
    pot = words()
    purchase_id = optional("procurement.purchases.tables.Purchase")
    claim_id = optional("procurement.claims.tables.Claim")
    origin_year = Integer()
    fate = words()
    amount_fen = BigInt()

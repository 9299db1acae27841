"""Tables of this feature. The amounts of a line are written by a trigger of its movements, never from here."""

from piccolo.columns import UUID, BigInt, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class BudgetLine(Table, tablename="budget_line", db=DB):
    """The money of one programme, place and year."""

    id = identity()
    programme_id = required("procurement.claims.tables.Programme")
    place_id = required("marketplace.places.tables.Place")
    year = Integer()
    functional_code = words()
    economic_code = words()
    approved_fen = BigInt(default=0)
    reserved_fen = BigInt(default=0)
    committed_fen = BigInt(default=0)
    spent_fen = BigInt(default=0)
    fund = words(default="fiscal")
    closed_fen = BigInt(default=0)
    closing_id = optional("procurement.budgets.year_ends.tables.YearClosing")
    carried_to = optional("self")


class BudgetMovement(Table, tablename="budget_movement", db=DB):
    """One entry of a line's book; append-only."""

    id = identity()
    budget_line_id = required(BudgetLine)
    kind = words()
    approved_fen = BigInt(default=0)
    reserved_fen = BigInt(default=0)
    committed_fen = BigInt(default=0)
    spent_fen = BigInt(default=0)
    source_type = words()
    source_id = BigInt()
    actor_id = optional("app.accounts.tables.Account")
    moved_at = Timestamptz()
    closed_fen = BigInt(default=0)


class Appropriation(Table, tablename="appropriation", db=DB):
    """Money that one person proposes and another approves or refuses."""

    id = identity()
    public_id = UUID(unique=True)
    budget_line_id = required(BudgetLine)
    amount_fen = BigInt()
    document = words()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()
    fund = words(default="fiscal")


class BudgetAdjustment(Table, tablename="budget_adjustment", db=DB):
    """Money that one document takes out of one line and puts into another."""

    id = identity()
    public_id = UUID(unique=True)
    from_line_id = required(BudgetLine)
    to_line_id = required(BudgetLine)
    year = Integer()
    fund = words()
    amount_fen = BigInt()
    document = words()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()


class BudgetWarning(Table, tablename="budget_warning", db=DB):
    """That the officers were told of a line that is spent too slowly; once."""

    id = identity()
    budget_line_id = required(BudgetLine)
    spent_fen = BigInt()
    approved_fen = BigInt()
    warned_at = Timestamptz()

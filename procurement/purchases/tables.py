"""Purchases."""

from piccolo.columns import BigInt, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Purchase(Table, tablename="purchase", db=DB):
    """So many units of a service, for a place, from a budget line; by call-off, quotations or a tender."""

    id = identity()
    reference = words(unique=True)
    method = words()
    status = words()
    admission_id = optional("procurement.frameworks.tables.Admission")
    budget_line_id = required("procurement.budgets.tables.BudgetLine")
    place_id = required("marketplace.places.tables.Place")
    purpose_zh = words()
    quantity = Integer()
    unit_price_fen = BigInt()
    amount_fen = BigInt()
    requested_by = required("app.accounts.tables.Account")
    requested_at = Timestamptz()
    approved_by = optional("app.accounts.tables.Account")
    approved_at = Timestamptz(null=True, default=None)
    refusal_reason = words()
    evaluation_zh = words()
    organization_id = optional("marketplace.organizations.tables.Organization")
    product_id = BigInt(null=True, default=None)
    product_version = Integer(null=True, default=None)
    challenged_at = Timestamptz(null=True, default=None)
    held_until = Date(null=True, default=None)

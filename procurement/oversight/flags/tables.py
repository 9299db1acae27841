"""Flags as they were found, and what auditors said about them."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class ReviewFlag(Table, tablename="review_flag", db=DB):
    """One thing that stands out; it only ever closes."""

    id = identity()
    public_id = UUID(unique=True)
    kind = words()
    subject = words()
    place_id = required("marketplace.places.tables.Place")
    year = Integer()
    budget_line_id = optional("procurement.budgets.tables.BudgetLine")
    purchase_id = optional("procurement.purchases.tables.Purchase")
    village_order_id = optional("procurement.deliveries.tables.VillageOrder")
    claim_id = optional("procurement.claims.tables.Claim")
    organization_id = optional("marketplace.organizations.tables.Organization")
    person_id = optional("volunteers.people.tables.Person")
    measured = BigInt(null=True, default=None)
    threshold = BigInt()
    unit = words()
    n = Integer()
    minimum = Integer()
    parts = JSONB()
    document = words()
    article = words()
    verified = Boolean()
    found_at = Timestamptz()
    closed_at = Timestamptz(null=True, default=None)


class FlagReview(Table, tablename="flag_review", db=DB):
    """An auditor's word about a flag; append-only."""

    id = identity()
    flag_id = required(ReviewFlag)
    outcome = words()
    words_zh = words()
    reviewed_by = required("app.accounts.tables.Account")
    reviewed_at = Timestamptz()

"""What funds were spent on."""

from piccolo.columns import UUID, BigInt, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class FundUse(Table, tablename="fund_use", db=DB):
    """One use: proposed with its words and voucher, decided by a second person."""

    id = identity()
    public_id = UUID(unique=True)
    fund_id = required("procurement.donations.funds.tables.DonationFund")
    amount_minor = BigInt()
    currency = words()
    used_on = Date()
    purpose_zh = words()
    purpose_en = words()
    document = words()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)

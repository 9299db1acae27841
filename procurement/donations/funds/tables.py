"""Funds that people give to."""

from piccolo.columns import BigInt, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class DonationFund(Table, tablename="donation_fund", db=DB):
    """A fund: whose it is, what for, and between which amounts a gift lies."""

    id = identity()
    code = words(unique=True)
    organization_id = required("marketplace.organizations.tables.Organization")
    place_id = required("marketplace.places.tables.Place")
    cause = words()
    name_zh = words()
    name_en = words()
    purpose_zh = words()
    purpose_en = words()
    currency = words()
    minimum_minor = BigInt()
    maximum_minor = BigInt()
    opened_by = required("app.accounts.tables.Account")
    opened_at = Timestamptz()
    paused_at = Timestamptz(null=True, default=None)

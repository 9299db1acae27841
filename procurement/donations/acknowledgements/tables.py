"""Acknowledgements, numbered by fund and year without gaps."""

from piccolo.columns import BigInt, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class AcknowledgementSeries(Table, tablename="acknowledgement_series", db=DB):
    """The last number of a fund's year."""

    id = identity()
    fund_id = required("procurement.donations.funds.tables.DonationFund")
    year = Integer()
    last = Integer()


class Acknowledgement(Table, tablename="acknowledgement", db=DB):
    """What a donor holds; voided once, never changed."""

    id = identity()
    fund_id = required("procurement.donations.funds.tables.DonationFund")
    gift_id = required("procurement.donations.gifts.tables.Gift")
    year = Integer()
    number = Integer()
    amount_minor = BigInt()
    currency = words()
    issued_at = Timestamptz()
    replaces = optional("self")
    voided_at = Timestamptz(null=True, default=None)
    void_reason = words()

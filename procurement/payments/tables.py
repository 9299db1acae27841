"""How contracts are paid and what was nudged; all but a nudge's answer is append-only."""

from piccolo.columns import UUID, Array, BigInt, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class PaymentTermsRow(Table, tablename="payment_terms", db=DB):
    """What the two parties agreed on."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    advance_percent = Integer()
    advance_fen = BigInt()
    milestones = Array(base_column=Integer())


class ContractPayment(Table, tablename="contract_payment", db=DB):
    """An advance, a milestone that was reached, or the rest at the contract's end."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    kind = words()
    percent = Integer()
    amount_fen = BigInt()
    made_at = Timestamptz()


class UnitPayment(Table, tablename="unit_payment", db=DB):
    """What an accepted unit brings: its price less its share of the advance."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    village_order_id = required("procurement.deliveries.tables.VillageOrder")
    contract_payment_id = optional(ContractPayment)
    price_fen = BigInt()
    offset_fen = BigInt()
    made_at = Timestamptz()


class AdvanceReturn(Table, tablename="advance_return", db=DB):
    """What of an advance was not earned and came back."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    amount_fen = BigInt()
    received_on = Date()
    document = words()
    booked_by = required("app.accounts.tables.Account")
    booked_at = Timestamptz()


class Nudge(Table, tablename="nudge", db=DB):
    """A provider's word to whoever holds its money, and their answer."""

    id = identity()
    public_id = UUID(unique=True)
    contract_id = required("procurement.contracts.tables.Contract")
    step = words()
    village_order_id = optional("procurement.deliveries.tables.VillageOrder")
    claim_id = optional("procurement.claims.tables.Claim")
    place_id = required("marketplace.places.tables.Place")
    waiting_since = Timestamptz()
    day = Date()
    sent_by = required("app.accounts.tables.Account")
    sent_at = Timestamptz()
    answer = words()
    answered_by = optional("app.accounts.tables.Account")
    answered_at = Timestamptz(null=True, default=None)

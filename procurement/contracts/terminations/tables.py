"""Contracts ended before their time."""

from piccolo.columns import BigInt, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class ContractTermination(Table, tablename="contract_termination", db=DB):
    """Why a contract is to end early, who proposed, answered and decided, and when nothing of it was open any more."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    status = words()
    ground = words()
    reason_zh = words()
    cure_by = Date(null=True, default=None)
    at_fault = words()
    compensation_fen = BigInt(default=0)
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    signed_by_provider = optional("app.accounts.tables.Account")
    agreed_at = Timestamptz(null=True, default=None)
    ended_by = optional("app.accounts.tables.Account")
    ended_at = Timestamptz(null=True, default=None)
    end_reason = words()
    settled_at = Timestamptz(null=True, default=None)
    released_fen = BigInt(null=True, default=None)
    proposed_for = words()
    answered_by_buyer = optional("app.accounts.tables.Account")
    answered_at = Timestamptz(null=True, default=None)

"""Amendments to contracts."""

from piccolo.columns import Bytea, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class ContractAmendment(Table, tablename="contract_amendment", db=DB):
    """Units added to a contract, or a longer term; its words never change, and in force it never ends."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    number = Integer()
    status = words()
    added = Integer()
    ends_on = Date(null=True, default=None)
    reason_zh = words()
    body_zh = words()
    text_sha256 = Bytea()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    signed_by_provider = optional("app.accounts.tables.Account")
    agreed_at = Timestamptz(null=True, default=None)
    approved_by = optional("app.accounts.tables.Account")
    approved_at = Timestamptz(null=True, default=None)
    ended_by = optional("app.accounts.tables.Account")
    ended_at = Timestamptz(null=True, default=None)
    end_reason = words()

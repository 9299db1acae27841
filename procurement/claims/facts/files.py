"""Who opens the files of claims: receipts and papers of cases, by their owner and the officers of the place."""

from app.attachments.owners import register_owner
from app.core import database
from app.core.access import Permission, Principal
from procurement.claims.queries import READERS

OPENERS = (*READERS, Permission.CASE_RECORD)


async def _may_read(principal: Principal, sql: str, owner_id: int) -> bool:
    row = await database.fetch_one(sql, owner_id)
    if row is None:
        return False
    scopes = [principal.scopes[one] for one in OPENERS if one in principal.scopes]
    own = principal.signed_in and row["account_id"] == principal.account_id
    return own or any(scope.covers_place(row["code"]) for scope in scopes)


async def _reads_receipt(principal: Principal, expense_id: int) -> bool:
    sql = """SELECT p.account_id, place.code FROM expense e JOIN person p ON p.id = e.person_id
             JOIN place ON place.id = e.place_id WHERE e.id = $1"""
    return await _may_read(principal, sql, expense_id)


async def _reads_document(principal: Principal, document_id: int) -> bool:
    sql = """SELECT p.account_id, place.code FROM case_document d JOIN closed_case k ON k.id = d.closed_case_id
             JOIN person p ON p.id = k.person_id JOIN place ON place.id = k.place_id WHERE d.id = $1"""
    return await _may_read(principal, sql, document_id)


def register_files() -> None:
    """Tell the frame who reads receipts and papers."""
    register_owner("expense", _reads_receipt)
    register_owner("case_document", _reads_document)

"""The payments of a batch as its bank file holds them: names, open account numbers, tax, and the budget behind each."""

from collections.abc import Mapping, Sequence

from app.core import database, vault
from app.core.database import Row
from app.core.errors import DomainError
from app.core.text import N_
from procurement.settlement.bank_file import BankLine, Share

# What the money went to is kept with the payment; before it is paid, it is what the payee names today.
_LINES = """
SELECT pay.id, pay.amount_fen, coalesce(p.name, o.name_zh) AS name, pay.name_sealed,
       coalesce(nullif(pay.bank_name, ''), p.bank_name, o.bank_name) AS bank_name,
       coalesce(pay.account_sealed, p.bank_account_sealed, o.bank_account_sealed) AS sealed,
       coalesce(p.subject_key_id, o.subject_key_id) AS subject_key_id,
       coalesce((SELECT sum(w.tax_fen) FROM tax_withholding w WHERE w.payment_id = pay.id), 0)::bigint AS tax_fen
FROM settlement_payment pay
LEFT JOIN person p ON p.id = pay.person_id LEFT JOIN organization o ON o.id = pay.organization_id
WHERE pay.batch_id = $1 ORDER BY pay.id LIMIT $2
"""
_SHARES = """
SELECT i.payment_id, programme.name_zh AS programme, line.year, line.functional_code, line.economic_code,
       coalesce(v.number, '') AS voucher, count(*)::integer AS claims, sum(i.amount_fen)::bigint AS amount_fen
FROM settlement_item i JOIN claim c ON c.id = i.claim_id JOIN budget_line began ON began.id = c.budget_line_id
JOIN budget_line line ON line.id = CASE WHEN began.closing_id IS NULL THEN began.id ELSE charged_line(i.id) END
JOIN programme ON programme.id = line.programme_id
LEFT JOIN treasury_voucher v ON (v.batch_id, v.budget_line_id) = (i.batch_id, line.id)
    AND NOT EXISTS (SELECT FROM treasury_voucher later WHERE later.replaces = v.id)
WHERE i.batch_id = $1 AND i.payment_id = ANY ($2)
GROUP BY i.payment_id, line.id, programme.id, v.number ORDER BY i.payment_id, programme.id, line.id
"""


class BankAccountMissing(DomainError):
    """A payee without a bank account cannot be paid."""

    code, status = "bank_account_missing", 409
    message = N_("有 %(count)s 位收款人没有登记银行账户，先补登再付款。第一位：%(name)s")


async def lines_of(batch_id: int, most: int | None = None) -> list[BankLine]:
    """Return the lines of a batch in the order of its file; who has no account has an empty number."""
    rows = await database.fetch(_LINES, batch_id, most)
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    if len(keys) < len({row["subject_key_id"] for row in rows}):
        raise vault.DataErased
    shares = await _shares(batch_id, [row["id"] for row in rows])
    return [_line(row, keys, shares.get(row["id"], ())) for row in rows]


def require_accounts(lines: Sequence[BankLine]) -> None:
    """Refuse a batch in which somebody has no account."""
    without = [line.name for line in lines if not line.account_number]
    if without:
        raise BankAccountMissing(count=len(without), name=without[0])


def _line(row: Row, keys: Mapping[int, vault.SubjectKey], shares: Sequence[Share]) -> BankLine:
    key = keys[row["subject_key_id"]]
    name = key.open(row["name_sealed"]) if row["name_sealed"] else row["name"]
    account = key.open(row["sealed"]) if row["sealed"] else ""
    return BankLine(name, row["bank_name"] or "", account, row["amount_fen"], row["tax_fen"], tuple(shares))


async def _shares(batch_id: int, payment_ids: Sequence[int]) -> dict[int, list[Share]]:
    found: dict[int, list[Share]] = {}
    for row in await database.fetch(_SHARES, batch_id, payment_ids):
        found.setdefault(row.pop("payment_id"), []).append(Share(**row))
    return found

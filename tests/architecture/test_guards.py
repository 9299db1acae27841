"""Every guard that the schema of buying and of the market names is named by a test that sees it refuse."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?:CONSTRAINT = '|(?<!DROP )CONSTRAINT )([a-z_]+)")
DROPPED = re.compile(r"DROP CONSTRAINT ([a-z_]+)")
BEHIND_ANOTHER = {
    # keys that foreign keys refer to: the primary key within them refuses first
    *("admission_offers", "budget_line_fund", "budget_line_year_and_fund", "contract_of_supplier", "programme_fund"),
    *("gift_of_fund", "ledger_account_side"),
    *("claim_by_contract", "contract_of_product", "contract_payment_of_contract", "purchase_of_supplier"),
    *("village_order_of_contract", "ledger_account_of_currency"),
    "ledger_balance_once",  # ledger_balance_is_summed lets nobody but the folding write, which adds up
    "approval_tally_once",  # approval_tally_is_counted lets nobody but the counting write, which adds up
    "payment_terms_advance",  # payment_terms_exact asks for the exact sum before it
    "product_listed_version_exists",  # product_listing_decided asks for a decision about that version before it
}


def test_each_guard_is_seen_to_refuse_by_its_name() -> None:
    schema = "\n".join(
        file.read_text("utf-8")
        for package in ("marketplace", "procurement")
        for file in sorted((ROOT / package / "piccolo_migrations").glob("*.sql"))
    )
    guards = set(NAMED.findall(schema)) - {"trigger"}
    tested = "\n".join(
        file.read_text("utf-8")
        for file in (ROOT / "tests").rglob("*.py")
        if file != Path(__file__).resolve() and "mutants" not in file.parts
    )
    named = set(re.findall(r"\b[a-z_]+\b", tested))
    assert len(guards) > 200
    assert sorted(guards - named - BEHIND_ANOTHER - set(DROPPED.findall(schema))) == []

"""Which accounts there are and what an entry is; amounts are fen, debit positive, credit negative."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AccountKind(StrEnum):
    """The kinds of account, as every bookkeeper knows them."""

    ASSET = "asset"
    LIABILITY = "liability"
    EXPENSE = "expense"
    EQUITY = "equity"


class EntryKind(StrEnum):
    """Why an entry was made."""

    ACCRUAL = "accrual"  # approved work becomes owed
    INSTRUCTION = "instruction"  # an approved batch tells the bank to pay
    PAYOUT = "payout"  # the treasury paid
    RETURN = "return"  # the bank sent a payment back
    REVERSAL = "reversal"
    LAPSE = "lapse"  # a budget year ended: taken back
    CARRY_OVER = "carry_over"  # or carried into the next
    GIFT = "gift"  # the entries from here on are charitable money, on accounts of its own
    GIFT_REFUND = "gift_refund"
    GIFT_DISPUTE = "gift_dispute"
    GATEWAY_PAYOUT = "gateway_payout"  # from the payment service's balance to the bank
    GATEWAY_FEE = "gateway_fee"
    GATEWAY_OTHER = "gateway_other"  # nobody knows yet what it is
    FUND_USE = "fund_use"


class Unbalanced(ValueError):
    """An entry whose postings do not sum to zero, or that has none."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its code, with what it belongs to; its amounts are minor units of its currency (fen of yuan)."""

    code: str
    kind: AccountKind
    budget_line_id: int | None = None
    person_id: int | None = None
    organization_id: int | None = None
    place_id: int | None = None
    batch_id: int | None = None
    currency: str = "CNY"
    donated: bool = False  # charitable money never meets fiscal money in one entry
    donation_fund_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account."""

    account: str
    fen: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One balanced transaction; its key makes posting it again do nothing."""

    key: str
    booked_on: date
    kind: EntryKind
    source_type: str
    source_id: int
    postings: tuple[Posting, ...]
    reverses: int | None = None

    def __post_init__(self) -> None:
        """Refuse what the database would refuse, before anything is sent to it."""
        if not self.postings or sum([posting.fen for posting in self.postings]) != 0:
            raise Unbalanced(self.key)


def expense_account(budget_line_id: int) -> Account:
    """Return the account of what a budget line pays for."""
    return Account(f"expense:line:{budget_line_id}", AccountKind.EXPENSE, budget_line_id=budget_line_id)


def payable_account(*, person_id: int | None = None, organization_id: int | None = None) -> Account:
    """Return the account of what a person or an organization is owed."""
    payee = f"person:{person_id}" if person_id else f"organization:{organization_id}"
    return Account(f"payable:{payee}", AccountKind.LIABILITY, person_id=person_id, organization_id=organization_id)


def clearing_account(batch_id: int) -> Account:
    """Return the account between instructing the bank and the money leaving; it ends at zero."""
    return Account(f"clearing:batch:{batch_id}", AccountKind.LIABILITY, batch_id=batch_id)


def treasury_account(place_id: int, place_code: str) -> Account:
    """Return a district's account at the treasury."""
    return Account(f"treasury:{place_code}", AccountKind.ASSET, place_id=place_id)


def year_end_account(budget_line_id: int) -> Account:
    """Return the account of what the ends of years took out of a line (debit) and brought into it (credit)."""
    return Account(f"yearend:line:{budget_line_id}", AccountKind.EQUITY, budget_line_id=budget_line_id)


def lapsed_account(place_id: int, place_code: str) -> Account:
    """Return the account of what was taken back from a place's lines."""
    return Account(f"lapsed:{place_code}", AccountKind.EQUITY, place_id=place_id)


def tax_account(place_id: int, place_code: str) -> Account:
    """Return the account of what a district withheld from people and owes the tax office."""
    return Account(f"tax:{place_code}", AccountKind.LIABILITY, place_id=place_id)

"""From gross over tax to net: labour remuneration by dated brackets, a month of one payer as one income. Pure.

个人所得税法 第六条, 个人所得税法实施条例 第十四条: what one payer pays for the same continuing work within a month is
one income. 国家税务总局公告2018年第61号 第八条: up to 4,000 yuan 800 are deducted, above a fifth; 20, 30 and 40
percent with quick deductions. 法律援助法 第五十二条: subsidies of legal aid are exempt, and reported all the same.
Amounts are whole fen; the tax is rounded once, half up, on the month's whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from app.core.calendar import Calendar, rolled_forward
from app.core.money import round_to_fen
from app.core.text import N_

PERCENT = Decimal(100)
FILING_DAY = 15
"""个人所得税法 第十四条: what is withheld in a month is filed and paid over within fifteen days of the next."""


class TaxKind(StrEnum):
    """What the tax law makes of a payment to a person."""

    WITHHELD = "withheld"  # labour remuneration
    EXEMPT = "exempt"  # not taxed, but reported
    OUTSIDE = "outside"  # makes good what somebody spent; no income


KIND_NAMES = {
    TaxKind.WITHHELD: N_("劳务报酬，代扣个税"),
    TaxKind.EXEMPT: N_("免税，照常申报"),
    TaxKind.OUTSIDE: N_("不是收入，不申报"),
}


@dataclass(frozen=True, slots=True)
class Bracket:
    """From an amount of taxable income on: the rate, and the quick deduction that goes with it."""

    over_fen: int
    rate_percent: int
    quick_fen: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The figures of one day; ``unverified`` if one of them has been confirmed by nobody."""

    fixed_fen: int
    fixed_until_fen: int
    share_percent: int
    brackets: tuple[Bracket, ...]
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """What one payer has paid somebody in a month, and withheld of it."""

    income_fen: int = 0
    tax_fen: int = 0


@dataclass(frozen=True, slots=True)
class Withheld:
    """How the tax on one payment came about; deduction, taxable, rate and quick deduction are the month's."""

    kind: TaxKind
    income_fen: int
    before: Month
    deduction_fen: int
    taxable_fen: int
    rate_percent: int
    quick_fen: int
    tax_fen: int
    unverified: bool

    @property
    def month_income_fen(self) -> int:
        """Return the income of the month with this payment."""
        return self.before.income_fen + self.income_fen

    @property
    def net_fen(self) -> int:
        """Return what the payee receives of it."""
        return self.income_fen - self.tax_fen


def withheld(income_fen: int, before: Month, scale: Scale) -> Withheld:
    """Return the tax on a payment: that on the month's whole, less what was withheld before, never below zero."""
    whole = before.income_fen + income_fen
    deduction = deduction_of(whole, scale)
    taxable = whole - deduction
    bracket = max((one for one in scale.brackets if taxable > one.over_fen), key=_over, default=scale.brackets[0])
    due = round_to_fen((Decimal(taxable) * bracket.rate_percent / PERCENT - bracket.quick_fen) / 100)
    tax = min(max(due - before.tax_fen, 0), income_fen)
    return Withheld(
        TaxKind.WITHHELD, income_fen, before, deduction, taxable, bracket.rate_percent, bracket.quick_fen, tax,
        scale.unverified,
    )  # fmt: skip


def untaxed(kind: TaxKind, income_fen: int, *, unverified: bool) -> Withheld:
    """Return the same for what is exempt, or no income at all."""
    return Withheld(kind, income_fen, Month(), 0, 0, 0, 0, 0, unverified)


def deduction_of(income_fen: int, scale: Scale) -> int:
    """Return what is deducted from a month's income before it is taxed, rounded to fen."""
    if income_fen <= scale.fixed_until_fen:
        return min(income_fen, scale.fixed_fen)
    return round_to_fen(Decimal(income_fen) * scale.share_percent / PERCENT / 100)


@dataclass(frozen=True, slots=True, order=True)
class Income:
    """What a payment owes to one programme."""

    payment_id: int
    person_id: int
    programme: str
    fen: int


@dataclass(frozen=True, slots=True)
class KindOf:
    """What a programme's payments are, and whether the rule that says so is unverified."""

    kind: TaxKind
    unverified: bool


def taxed(
    incomes: Iterable[Income], kinds: dict[str, KindOf], months: dict[int, Month], scale: Scale | None
) -> dict[int, list[Withheld]]:
    """Return by payment how each kind of income in it is taxed; a person has one payment in a batch."""
    found: dict[int, list[Withheld]] = {}
    for payment_id, of_payment in groupby(sorted(incomes), key=lambda income: income.payment_id):
        found[payment_id] = [
            _of_kind(kind, shares, kinds, months, scale) for kind, shares in _by_kind(list(of_payment), kinds)
        ]
    return found


def _by_kind(incomes: Sequence[Income], kinds: dict[str, KindOf]) -> list[tuple[TaxKind, list[Income]]]:
    grouped: dict[TaxKind, list[Income]] = {}
    for income in incomes:
        grouped.setdefault(kinds[income.programme].kind, []).append(income)
    return [(kind, grouped[kind]) for kind in TaxKind if kind in grouped]


def _of_kind(
    kind: TaxKind, shares: Sequence[Income], kinds: dict[str, KindOf], months: dict[int, Month], scale: Scale | None
) -> Withheld:
    income, unverified = sum(share.fen for share in shares), any(kinds[share.programme].unverified for share in shares)
    if kind is not TaxKind.WITHHELD or scale is None:
        return untaxed(kind, income, unverified=unverified)
    made = withheld(income, months.get(shares[0].person_id, Month()), scale)
    return made if not unverified else _marked(made)


def _marked(made: Withheld) -> Withheld:
    return Withheld(
        made.kind, made.income_fen, made.before, made.deduction_fen, made.taxable_fen, made.rate_percent,
        made.quick_fen, made.tax_fen, True,
    )  # fmt: skip


def _over(bracket: Bracket) -> int:
    return bracket.over_fen


def filing_deadline(calendar: Calendar, month: date) -> date:
    """Return the last day to file a month's tax; a day off moves it on (税收征收管理法实施细则 第109条)."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=FILING_DAY)
    return rolled_forward(calendar, following)

"""How a contract is paid, as its text says it: the clauses that both parties sign."""

from functools import cache
from pathlib import Path
from string import Template

from app.core.money import plain_yuan
from procurement.payments.rules import PaymentTerms


def payment_clause(terms: PaymentTerms, amount_fen: int) -> str:
    """Return the clause of a contract over this price; byte for byte the same for the same terms."""
    whole, none, advance, by_unit, by_milestone = _clauses()
    milestones = ", ".join(f"{percent}%" for percent in terms.milestones)
    return whole.substitute(
        advance=(advance if terms.advance_percent else none).substitute(
            percent=terms.advance_percent, advance_fen=plain_yuan(terms.advance_fen(amount_fen))
        ),
        pace=(by_milestone if terms.milestones else by_unit).substitute(milestones=milestones),
    )


@cache
def _clauses() -> list[Template]:
    lines = Path(__file__).with_name("clauses_zh.txt").read_text(encoding="utf-8").splitlines()
    return [Template(line) for line in lines]

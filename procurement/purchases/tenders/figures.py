"""The figures that tenders are judged by, of several days."""

from collections.abc import Iterable
from datetime import date

from app.rulebook import rules_on
from procurement.blocks import Figure
from procurement.purchases.tenders.law import Figures
from procurement.purchases.tenders.rules import FIGURES


async def figures_on(days: Iterable[date], place_code: str) -> dict[date, Figures]:
    """Return every figure in force on each day at the place."""
    return {
        day: {key: Figure.of(rule) for key, rule in (await rules_on(FIGURES, on=day, jurisdiction=place_code)).items()}
        for day in sorted(set(days))
    }

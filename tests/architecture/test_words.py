"""Every state that a person can meet has a name, and every audited action on a page has words."""

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from app import composition
from app.core import database, state
from app.core.errors import TransitionRefused
from app.operations.recorded import unnamed
from app.packages import PACKAGES
from procurement.deliveries.rules import TRANSITIONS, OrderEvent, OrderStatus
from tests.architecture.sizes import ROOT
from tests.procurement.buying_pages import season

UNSEEN = {"app.notifications.rules"}
"""Modules whose states only the program itself moves."""
TYPES = ("product", "organization", "framework", "purchase", "contract", "village_order", "budget_line")


def _rules() -> list[ModuleType]:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in PACKAGES
        for path in sorted(Path(ROOT, package).rglob("rules.py"))
    ]
    return [import_module(name) for name in names if name not in UNSEEN]


def _states(module: ModuleType) -> set[StrEnum]:
    tables = [value for name, value in vars(module).items() if name.endswith("TRANSITIONS")]
    return {key[-2] for table in tables for key in table} | {end for table in tables for end in table.values()}


@pytest.mark.parametrize("module", [one for one in _rules() if _states(one)], ids=lambda module: str(module.__name__))
def test_a_refused_step_names_the_state_in_words(module: ModuleType) -> None:
    composition.compose()
    codes = [str(status) for status in _states(module) if state.named(status).msgid == "%(code)s"]
    assert codes == []


def test_the_sentence_has_no_code_in_it() -> None:
    composition.compose()
    with pytest.raises(TransitionRefused, match="现在的状态是“验收合格”"):
        state.advance(TRANSITIONS, OrderStatus.ACCEPTED, OrderEvent.TAKE)


async def test_what_the_audit_keeps_of_buying_can_be_read_on_its_page(db: None) -> None:
    composition.compose()
    await season()
    rows = await database.fetch("SELECT DISTINCT action FROM audit_event WHERE object_type = ANY($1)", list(TYPES))
    assert len(rows) > 15
    assert unnamed({row["action"] for row in rows}) == set()

"""What a bar shows beside the money: who holds it in words, whether they may be nudged, and what they answered."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import clock
from app.core.access import Principal
from app.core.calendar import Calendar
from app.core.text import Message
from app.web.components import Tag
from procurement import law
from procurement.blocks import Block, Figure
from procurement.payments.holding import queries, wording
from procurement.payments.holding.queries import Money
from procurement.payments.holding.rules import OFFICES
from procurement.payments.nudges import queries as nudges
from procurement.payments.nudges import rules
from procurement.payments.nudges.queries import Said
from procurement.payments.nudges.rules import Last

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the bar: where it begins and how wide it is, of a thousand."""

    name: str
    label: str
    fen: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A contract's bar, ready to be drawn."""

    money: Money
    pieces: tuple[Piece, ...]
    advance: Message | None
    holder: Message
    tag: Tag
    days: int
    own: bool
    nudgeable: bool  # the step is an office's: there is a button, or the words that say why not
    blocks: tuple[Block, ...]
    said: Said | None


async def bars(principal: Principal, found: Sequence[Money]) -> list[Bar]:
    """Return the bars of contracts, for their reader."""
    today = clock.today()
    held = [money.holder for money in found if money.holder.step in OFFICES]
    said = await nudges.said_about([wait.thing for wait in held]) if held else {}
    mine = {money.reference for money in found if queries.is_provider(principal, money)}
    clocks = await _clocks(today) if held and mine else None
    return [_bar(money, said.get(money.holder.thing), clocks, today, own=money.reference in mine) for money in found]


async def _clocks(today: date) -> tuple[Calendar, Figure]:
    figure, days = await law.figure_and_days(law.NUDGE_AFTER, today)
    return days, figure


def _bar(money: Money, said: Said | None, clocks: tuple[Calendar, Figure] | None, today: date, *, own: bool) -> Bar:
    held = money.holder
    blocks: tuple[Block, ...] = ()
    nudgeable = own and held.step in OFFICES
    if nudgeable and clocks and held.since:
        days, wait = clocks
        allowed = rules.allowed_from(days, clock.local(held.since).date(), wait)
        last = Last(said.day, said.answer) if said else None
        blocks = tuple(rules.nudge_blocks(held, allowed, last, today, rules.nudge_day(days, today)))
    return Bar(
        money, pieces(money), wording.advance_said(money.advance), wording.holder_said(money),
        wording.holder_tag(held, own=own), wording.days_waited(held.since, today), own, nudgeable, blocks, said,
    )  # fmt: skip


def pieces(money: Money) -> tuple[Piece, ...]:
    """Return the parts of the bar from the left; every part that is there can be seen."""
    found, start = [], 0
    for name, fen in money.parts.stacked():
        width = max(8, fen * WIDTH // money.parts.total)
        found.append(Piece(name, wording.PART_NAMES[name], fen, start, min(width, WIDTH - start)))
        start = min(WIDTH, start + width)
    return tuple(found)


def print_of(found: Sequence[Bar], today: date) -> str:
    """Return a short word that changes when any of the bars would."""
    seen = [(bar.money.parts, bar.money.holder, bar.money.advance, bar.said, len(bar.blocks)) for bar in found]
    return hashlib.sha256(f"{today} {seen}".encode()).hexdigest()[:16]

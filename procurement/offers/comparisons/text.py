"""The comparison sheet with its minutes: one text, byte for byte the same for the same facts, stored with its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Template

from app.core import clock
from app.core.money import plain_yuan
from marketplace.products.content import UNIT_NAMES
from procurement.offers.openings.queries import Comparison, OpenedView
from procurement.offers.rounds.queries import AskedView, RoundView
from procurement.offers.rules import GROUND_NAMES

FORM = "minutes_zh.txt"
LISTED = "、"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Who met when, whom they propose and why."""

    held_on: date
    participants: Sequence[str]
    proposed: OpenedView
    reasons: str


def sheet(asked: AskedView, round_: RoundView, comparison: Comparison, minutes: Minutes) -> str:
    """Return the sheet's full text."""
    head, counted, excluded, needs, need, end, *_ = _parts()
    lines = [_head(head, asked, round_)]
    for rank, one in enumerate((one for one in comparison.quotations if one.counts), start=1):
        lines.append(counted.substitute(_said(asked, one), rank=rank, marks=_marks(comparison, one)))
    for one in comparison.quotations:
        if one.ground is not None:
            lines.append(
                excluded.substitute(
                    organization=one.organization_zh,
                    uscc=one.uscc,
                    ground=GROUND_NAMES[one.ground],
                    reason=one.reason_zh,
                )
            )
    lines.append(needs.template)
    lines += [need.substitute(position=at, text=text) for at, text in enumerate(asked.requirements, start=1)]
    lines.append(
        end.substitute(
            _said(asked, minutes.proposed),
            held_on=minutes.held_on,
            participants=LISTED.join(minutes.participants),
            reasons=minutes.reasons or _parts()[8].template,
        )
    )
    return "\n".join(lines) + "\n"


def _head(head: Template, asked: AskedView, round_: RoundView) -> str:
    return head.substitute(
        reference=asked.reference,
        purpose=asked.purpose_zh,
        quantity=asked.quantity,
        unit=UNIT_NAMES[asked.unit],
        ceiling=plain_yuan(asked.ceiling_fen),
        deadline=_written(round_.deadline),
        opened=_written(round_.opened_at),
        keepers=LISTED.join(f"{one.name} {_written(one.unlocked_at)}" for one in round_.keepers if one.unlocked_at),
    )


def _said(asked: AskedView, one: OpenedView) -> dict[str, object]:
    price = one.unit_price_fen or 0
    return {
        "organization": one.organization_zh,
        "uscc": one.uscc,
        "price": plain_yuan(price),
        "amount": plain_yuan(price * asked.quantity),
        "product": one.product_reference,
        "version": one.product_version,
        "met": len(one.met),
        "all": len(asked.requirements),
    }


def _marks(comparison: Comparison, one: OpenedView) -> str:
    lowest, low = _parts()[6].template, _parts()[7].template
    marks = [lowest] * (one.id == comparison.lowest_id) + [low] * (one.id in comparison.low)
    return LISTED.join(marks)


def _written(instant: datetime | None) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M:%S}" if instant else ""


@cache
def _parts() -> list[Template]:
    text = Path(__file__).with_name(FORM).read_text(encoding="utf-8")
    return [Template(part.strip("\n")) for part in text.split("===")]

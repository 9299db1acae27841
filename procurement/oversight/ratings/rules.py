"""A provider's score: a documented formula over counted facts, drawn towards a prior while there are few of them.

财政部令第102号 第20条 (†): the evaluation of a purchase is used when the next is made. The score names no reason and
decides nothing; it stands beside each offer with the number of deliveries it rests on.

Each part is a share of what went well, drawn towards the prior p as if s further deliveries had gone that way:

    part  = (good + s·p) / (n + s)
    acceptance  good = accepted − ½·put right           n = accepted + refused
    opinions    good = (stars − opinions) / 4           n = opinions
    timeliness  good = served − late with the proofs    n = served + missed
    orders      good = taken                            n = taken + declined
    score = Σ weight·part / Σ weight, in tenths of a point of 100, rounded half up
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.text import N_
from procurement.deliveries.opinions.rules import Opinions


class Part(StrEnum):
    """What the score is made of."""

    ACCEPTANCE = "acceptance"
    OPINIONS = "opinions"
    TIMELINESS = "timeliness"
    ORDERS = "orders"


PART_NAMES: Mapping[Part, str] = {
    Part.ACCEPTANCE: N_("验收"),
    Part.OPINIONS: N_("群众评价"),
    Part.TIMELINESS: N_("准时"),
    Part.ORDERS: N_("接单"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """What is counted of some deliveries: a provider's, or one purchase's."""

    ordered: int = 0
    taken: int = 0
    declined: int = 0
    missed: int = 0  # taken, and nobody came
    accepted: int = 0
    refused: int = 0
    put_right: int = 0  # accepted only after it was sent back
    served: int = 0
    late: int = 0  # its proofs came after their period
    people: int = 0
    opinions: int = 0
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Formula:
    """The figures of the house: weights and prior in per cent, the prior's strength and the minimum in deliveries."""

    weights: Mapping[Part, int]
    prior: int
    strength: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Rating:
    """A score with the facts that it rests on; ``score`` and ``parts`` are tenths of a point of 100."""

    record: Record
    score: int
    parts: Mapping[Part, int]
    minimum: int

    @property
    def judged(self) -> int:
        """Return how many deliveries the score rests on."""
        return self.record.accepted + self.record.refused

    @property
    def shown(self) -> bool:
        """Tell whether there are enough deliveries for the score to say something."""
        return self.judged >= self.minimum

    @property
    def points(self) -> str:
        """Return the score as it is written: 86.5."""
        return points(self.score)


def points(tenths: int) -> str:
    """Return tenths of a point as they are written."""
    return f"{tenths // 10}.{tenths % 10}"


def rate(record: Record, formula: Formula) -> Rating:
    """Return the score of a record."""
    shares = {part: _share(*_counted(part, record), formula) for part in Part}
    weight = sum(formula.weights.values())
    score = sum((formula.weights[part] * share for part, share in shares.items()), Fraction(0)) / weight
    return Rating(record, _tenths(score), {part: _tenths(share) for part, share in shares.items()}, formula.minimum)


def evaluation_text(rating: Rating) -> str:
    """Return the words that a purchase's evaluation begins with; the officer goes on from there."""
    record = rating.record
    values = {
        **{name: getattr(record, name) for name in Record.__dataclass_fields__},
        "score": rating.points,
        "average": Opinions(record.opinions, record.stars, 1).average or "–",
    }
    return EVALUATION % values


EVALUATION = N_(
    "点单 %(ordered)s 次，验收合格 %(accepted)s 次（其中整改后合格 %(put_right)s 次），不合格 %(refused)s 次；"
    "未接单 %(declined)s 次，无人到场 %(missed)s 次，凭证迟交 %(late)s 次；"
    "服务 %(people)s 人，%(opinions)s 人评价，平均 %(average)s 分。综合分 %(score)s。"
)


def _counted(part: Part, record: Record) -> tuple[Fraction, int]:
    """Return how much went well, out of how many."""
    if part is Part.ACCEPTANCE:
        return record.accepted - Fraction(record.put_right, 2), record.accepted + record.refused
    if part is Part.OPINIONS:
        return Fraction(record.stars - record.opinions, 4), record.opinions
    if part is Part.TIMELINESS:
        return Fraction(record.served - record.late), record.served + record.missed
    return Fraction(record.taken), record.taken + record.declined


def _share(good: Fraction, count: int, formula: Formula) -> Fraction:
    if not count + formula.strength:
        return Fraction(formula.prior, 100)
    return (good + formula.strength * Fraction(formula.prior, 100)) / (count + formula.strength)


def _tenths(share: Fraction) -> int:
    """Return a share as tenths of a point of 100, rounded half up."""
    return int(share * 1000 + Fraction(1, 2))

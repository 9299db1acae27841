"""When quotations may be asked for, opened and compared, and which of them count.

Below the figure and off the catalogue such a purchase lies outside procurement law (采购法 §2); budget, contract and
acceptance hold all the same. Everything here returns blocks, so that a page can say beforehand what would be refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core import clock
from app.core.money import yuan
from app.core.text import N_, Message
from procurement.blocks import Block, Figure, Source, house

SCOPE = Source("政府采购法", "第2条")
SEALED = house(N_("密封报价"))


class Ground(StrEnum):
    """Why a quotation does not count."""

    SAME_CONTROL = "same_control"
    REQUIREMENT_NOT_MET = "requirement_not_met"
    FALSE_PAPERS = "false_papers"
    UNREADABLE = "unreadable"


GROUND_NAMES: Mapping[Ground, str] = {
    Ground.SAME_CONTROL: N_("法定代表人相同或存在控股、管理关系"),
    Ground.REQUIREMENT_NOT_MET: N_("不满足需求"),
    Ground.FALSE_PAPERS: N_("材料虚假"),
    Ground.UNREADABLE: N_("密文损坏，无法开启"),
}
OF_MEAN, OF_SECOND, OF_CEILING = (
    N_("低于平均价的%(percent)s%%（%(article)s）"),
    N_("低于其他最低价的%(percent)s%%（%(article)s）"),
    N_("低于最高单价的%(percent)s%%（%(article)s）"),
)
"""How a price is found to be low."""
CHOSEN_GROUNDS = (Ground.REQUIREMENT_NOT_MET, Ground.FALSE_PAPERS, Ground.SAME_CONTROL)
"""The grounds that an officer names; the last one besides is found by the opening itself."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The figures below which quotations are allowed, in fen, with what is bought."""

    limit: Figure  # yuan
    splitting: Figure  # yuan
    centralized: Figure  # 1 if the category is on the centralized catalogue


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """The house's figures for a round."""

    suppliers: Figure
    days: Figure
    keepers: Figure
    needed: Figure


@dataclass(frozen=True, slots=True)
class Standing:
    """How the latest round of a purchase stands."""

    now: datetime  # by the database's clock, which alone decides about deadlines
    deadline: datetime
    quotations: int  # that count as handed in; nobody is told before the deadline
    live_keys: int
    needed: int
    opened: bool = False
    countable: int = 0  # of the opened ones


def threshold_blocks(amount_fen: int, spent_fen: int, figures: Threshold) -> list[Block]:
    """Name why a purchase must go another way than by quotations.

    ``spent_fen`` is what the year's other purchases of the same budget line and category without an open tender sum
    up to (条例 §28): what reaches the figure together is bought under procurement law, not in parts below it.
    """
    return [*_limit_blocks(amount_fen, figures), *_splitting_blocks(amount_fen, spent_fen, figures.splitting)]


def _limit_blocks(amount_fen: int, figures: Threshold) -> Iterable[Block]:
    if amount_fen >= figures.limit.value * 100:
        yield Block(
            "quotation_above_limit",
            figures.limit.source,
            Message(N_("金额达到限额标准，不能用三家比价。")),
            Message(N_("请改用政府采购方式，在政采云上进行。")),
            yuan(figures.limit.value * 100),
        )
    if figures.centralized.value:
        yield Block(
            "quotation_centralized",
            figures.centralized.source,
            Message(N_("这类服务在集中采购目录内，不能用三家比价。")),
            Message(N_("请委托集中采购机构采购。")),
            Message(N_("在目录内")),
        )


def _splitting_blocks(amount_fen: int, spent_fen: int, most: Figure) -> Iterable[Block]:
    if spent_fen and spent_fen + amount_fen > most.value * 100:
        yield Block(
            "quotation_splitting",
            most.source,
            Message(
                N_("同一预算、同一类服务本年非公开招标采购累计将达%(sum)s，视为化整为零。"),
                {"sum": yuan(spent_fen + amount_fen)},
            ),
            Message(N_("请合并需求，改用政府采购方式。")),
            yuan(most.value * 100),
        )


def round_blocks(deadline: datetime, now: datetime, suppliers: int, keepers: int, figures: RoundFigures) -> list[Block]:
    """Name what is missing before suppliers can be invited."""
    found = []
    if deadline < now + timedelta(days=figures.days.value):
        reason = Message(N_("报价时间少于%(days)s天。"), {"days": figures.days.value})
        found.append(
            Block("quotation_days", figures.days.source, reason, Message(N_("请把截止时间推后。")), figures.days.said)
        )
    if suppliers < figures.suppliers.value:
        reason = Message(N_("邀请的供应商少于%(count)s家。"), {"count": figures.suppliers.value})
        remedy = Message(N_("请再选几家已认证的机构。"))
        found.append(Block("quotation_suppliers", figures.suppliers.source, reason, remedy, figures.suppliers.said))
    if keepers < figures.keepers.value:
        reason = Message(N_("保管人少于%(count)s人。"), {"count": figures.keepers.value})
        remedy = Message(N_("请再选几位已生成密钥的保管人；申请人和供应商的人员不能当保管人。"))
        found.append(Block("quotation_keepers", figures.keepers.source, reason, remedy, figures.keepers.said))
    return found


def needed_blocks(needed: int, fewest: Figure) -> list[Block]:
    """Require so many keepers together to open a round."""
    if needed >= fewest.value:
        return []
    reason = Message(N_("共同开启的保管人少于%(count)s人。"), {"count": fewest.value})
    return [Block("quotation_keepers_needed", fewest.source, reason, Message(N_("请增加开启人数。")), fewest.said)]


def again_blocks(standing: Standing, fewest: Figure) -> list[Block]:
    """Name why suppliers may not be invited once more: a round that can be opened is opened."""
    if standing.live_keys < standing.needed and not standing.opened:
        return []  # the keys are lost: nobody will ever read this round
    if standing.now <= standing.deadline:
        reason, remedy = Message(N_("报价还没有截止。")), Message(N_("请等到截止以后。"))
        return [Block("quotation_round_over", SEALED, reason, remedy, _instant(standing.deadline))]
    counted = standing.countable if standing.opened else standing.quotations
    if counted >= fewest.value:
        reason = Message(N_("有效报价已满%(count)s家，不能重新邀请。"), {"count": fewest.value})
        remedy = Message(N_("请比价。")) if standing.opened else Message(N_("请开启报价。"))
        return [Block("quotation_enough", fewest.source, reason, remedy, fewest.said)]
    return []


def opening_blocks(standing: Standing, fewest: Figure) -> list[Block]:
    """Name what keeps keepers from opening: the deadline, too few quotations, lost keys."""
    if standing.now <= standing.deadline:
        reason, remedy = Message(N_("截止之前任何人都不能开启报价。")), Message(N_("请等到截止以后。"))
        return [Block("quotation_unlock_after_deadline", SEALED, reason, remedy, _instant(standing.deadline))]
    if standing.quotations < fewest.value:
        reason = Message(N_("收到的报价不足%(count)s家，不予开启。"), {"count": fewest.value})
        remedy = Message(N_("请重新邀请，或写明理由取消采购。"))
        return [Block("quotation_too_few", fewest.source, reason, remedy, fewest.said)]
    if standing.live_keys < standing.needed:
        reason = Message(N_("可用的密钥少于%(count)s把，这一轮报价已无法开启。"), {"count": standing.needed})
        remedy = Message(N_("请重新邀请，或写明理由取消采购。"))
        return [Block("quotation_keys_lost", SEALED, reason, remedy, str(standing.live_keys))]
    return []


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison looks at in one opened quotation."""

    id: int
    unit_price_fen: int
    legal_representative: str = ""
    controlled_by: str = ""


@dataclass(frozen=True, slots=True)
class LowFigures:
    """Below which per cent of what a price is looked at again: a reason to ask, never a verdict."""

    mean: Figure
    second: Figure
    ceiling: Figure


def related(quotations: Sequence[Compared]) -> set[int]:
    """Return the quotations whose suppliers have the same legal representative or control: all of them are out.

    条例 §18: units with the same responsible person, or with direct control or management between them, do not
    compete in one purchase. The names are those that the suppliers themselves declare.
    """
    ids_of: dict[str, set[int]] = {}
    for one in quotations:
        for name in {_plain(one.legal_representative), _plain(one.controlled_by)} - {""}:
            ids_of.setdefault(name, set()).add(one.id)
    return {found for ids in ids_of.values() if len(ids) > 1 for found in ids}


def low_prices(quotations: Sequence[Compared], ceiling_fen: int, figures: LowFigures) -> dict[int, list[Message]]:
    """Return which prices are abnormally low, each with what it falls below (R024, R058)."""
    prices = sorted(one.unit_price_fen for one in quotations)
    found: dict[int, list[Message]] = {}
    for one in quotations:
        price = one.unit_price_fen
        others = list(prices)
        others.remove(price)
        measures = [(figures.ceiling, OF_CEILING, ceiling_fen, 1)]
        if others:
            measures += [(figures.mean, OF_MEAN, sum(prices), len(prices)), (figures.second, OF_SECOND, others[0], 1)]
        below = [
            Message(words, {"percent": figure.value, "article": figure.source.article})
            for figure, words, total, count in measures
            if price * 100 * count < total * figure.value
        ]
        if below:
            found[one.id] = below
    return found


def comparison_blocks(countable: int, fewest: Figure) -> list[Block]:
    """Require as many quotations that count as the house asks for."""
    if countable >= fewest.value:
        return []
    reason = Message(N_("有效报价不足%(count)s家，不能比价。"), {"count": fewest.value})
    remedy = Message(N_("请重新邀请，或写明理由取消采购。"))
    return [Block("quotation_too_few", fewest.source, reason, remedy, fewest.said)]


def covers(starts_on: date, ends_on: date) -> bool:
    """Tell whether a term has a first and a later last day."""
    return starts_on < ends_on


def _instant(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()

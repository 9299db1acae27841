"""From where on something asks to be looked at again: dated figures, like those of the law, each with its source.

What is marked † comes from a guide that no officer has compared with its text yet: until somebody confirms it, the kind
is not computed outside the demonstration, and the page of flags says so.
"""

from collections.abc import Mapping

from app.rulebook import RuleSeed
from procurement import law
from procurement.blocks import HOUSE_RULE
from procurement.oversight.flags.rules import FlagKind
from procurement.purchases.tenders.law import OPEN_TENDER

GUIDE = "OCP Red Flags"
_BORROWED: Mapping[FlagKind, tuple[str, ...]] = {
    FlagKind.SPLITTING: (law.SPLITTING, OPEN_TENDER),
    FlagKind.SHORT_PERIOD: (law.QUOTATION_DAYS,),
    FlagKind.LOW_PRICE: (law.LOW_OF_MEAN, law.LOW_OF_SECOND, law.LOW_OF_CEILING),
    FlagKind.LATE_NOTICE: (law.CONTRACT_NOTICE, law.CONTRACT_COPY),
}


def threshold(kind: FlagKind) -> str:
    """Return the key of what a kind is measured against."""
    return f"flag.{kind.value}"


def minimum(kind: FlagKind) -> str:
    """Return the key of how many cases a kind needs."""
    return f"flag.{kind.value}.n"


def figures_of(kind: FlagKind) -> tuple[str, ...]:
    """Return the keys of all figures that a kind rests on, those of the law and of quotations included."""
    return (threshold(kind), minimum(kind), *_BORROWED.get(kind, ()))


def _threshold(
    kind: FlagKind, article: str, value: int, unit: str, note_zh: str, note_en: str, document: str = GUIDE
) -> RuleSeed:
    read = document != GUIDE
    return RuleSeed(threshold(kind), document, article, value, unit, note_zh, note_en, read=read)


def _minimum(kind: FlagKind, value: int) -> RuleSeed:
    note_zh, note_en = "少于这个数量不提示", "below this number nothing is flagged"
    return RuleSeed(minimum(kind), HOUSE_RULE, "核查提示", value, "times", note_zh, note_en)


SEEDS = (
    _threshold(FlagKind.SPLITTING, "R055", 90, "percent",
               "同一预算、同一品目一年内非公开采购累计达到限额的这个比例，提示核查",
               "a year's non-open purchases of one line and category reach this share of the figure"),
    _threshold(FlagKind.SINGLE_RESPONSE, "R018", 1, "suppliers",
               "只有这么多家报价，提示核查", "so few suppliers answered"),
    _threshold(FlagKind.IDENTICAL_PRICES, "R028", 2, "suppliers",
               "这么多家报价相同，提示核查", "so many suppliers offered the same price"),
    _threshold(FlagKind.FIXED_RATIO, "R023", 2, "per_mille",
               "各报价之间比例固定（误差在此以内），提示核查",
               "each price is the one below times the same factor, within this error"),
    _threshold(FlagKind.ALL_EXCLUDED, "R035", 1, "suppliers",
               "其余全部被排除、只剩这么多家，提示核查", "so few are left, all others were excluded"),
    _threshold(FlagKind.CAPTURE, "核查提示", 70, "percent",
               "一家供应商占一个采购人全年直接选定的比例，提示核查",
               "share of a buyer's call-offs of a year that go to one supplier", HOUSE_RULE),
    _threshold(FlagKind.OVERLAP, "核查提示", 1, "minutes",
               "同一人两处的时间重叠（含路程），提示核查",
               "one person in two places at once, the way included", HOUSE_RULE),
    _threshold(FlagKind.BILLED_TWICE, "第45条", 1, "times",
               "一次服务只能申领这么多次", "claims that one unit of work may have", "政府采购法实施条例"),
    _threshold(FlagKind.PAID_EARLY, "第41条", 0, "days",
               "验收之前不付款", "days of payment before the acceptance", "政府采购法"),
    _threshold(FlagKind.SAME_PERSON, "第61条", 1, "times",
               "验收人另有这么多项经手职责，提示核查", "other duties that the acceptor had", "政府采购法"),
    _threshold(FlagKind.NO_OPINION, "核查提示", 30, "people",
               "到场这么多人却没有一条评价，提示核查", "so many people and not one opinion", HOUSE_RULE),
    *(
        _minimum(kind, value)
        for kind, value in (
            (FlagKind.SPLITTING, 2), (FlagKind.SHORT_PERIOD, 1), (FlagKind.SINGLE_RESPONSE, 2),
            (FlagKind.IDENTICAL_PRICES, 2), (FlagKind.FIXED_RATIO, 3), (FlagKind.ALL_EXCLUDED, 3),
            (FlagKind.LOW_PRICE, 2), (FlagKind.CAPTURE, 5), (FlagKind.OVERLAP, 2), (FlagKind.BILLED_TWICE, 2),
            (FlagKind.PAID_EARLY, 1), (FlagKind.SAME_PERSON, 1), (FlagKind.NO_OPINION, 1),
        )
    ),
)  # fmt: skip

"""The figures of deliveries: which proofs a unit needs, how long an acceptance takes, how a provider is rated.

The law asks for a list and a proof of each unit (条例 §72, 令110 §36) and leaves the kinds to the buyer: these are the
house's own figures, dated like those of the law, and a district may set its own.
"""

from app.rulebook import RuleSeed
from marketplace.products.content import Unit
from procurement.blocks import HOUSE_RULE
from procurement.deliveries.proofs.rules import ProofKind

ACCEPTANCE, RECTIFICATION = "acceptance.period", "acceptance.rectification"
BROUGHT = "proof.period"
OPINIONS = "opinion.minimum"
RATED, STRENGTH, PRIOR, YEARS = "rating.minimum", "rating.strength", "rating.prior", "rating.years"
WEIGHT = "rating.weight"

_SHEET, _PHOTO, _LOG = ProofKind.SIGN_IN_SHEET, ProofKind.PHOTO, ProofKind.LOG
_PROOFS = {
    Unit.LECTURE: (_SHEET, _PHOTO, _LOG),
    Unit.VISIT: (_PHOTO, _LOG),
    Unit.HALF_DAY: (_SHEET, _LOG),
    Unit.CASE: (_LOG,),
    Unit.SESSION: (_LOG,),
}
_NOTES = {
    _SHEET: ("每单位服务须有签到表", "sign-in sheets that a unit needs"),
    _PHOTO: ("每单位服务须有现场照片", "photos that a unit needs"),
    _LOG: ("每单位服务须有服务记录", "service logs that a unit needs"),
}


def _house(key: str, article: str, value: int, unit: str, note_zh: str, note_en: str) -> RuleSeed:
    return RuleSeed(key, HOUSE_RULE, article, value, unit, note_zh, note_en)


SEEDS = (
    *(
        _house(f"proof.{unit.value}.{kind.value}", "凭证", 1, "files", *_NOTES[kind])
        for unit, kinds in _PROOFS.items()
        for kind in kinds
    ),
    _house(BROUGHT, "凭证", 5, "days", "服务之后几天内交齐凭证", "days to bring the proofs after the service"),
    _house(ACCEPTANCE, "验收", 10, "working_days", "服务之后多久内验收", "time to accept after the service"),
    _house(RECTIFICATION, "验收", 10, "working_days", "整改期限的上限", "longest time to put a delivery right"),
    _house(OPINIONS, "评价", 5, "people", "少于几人评价时不显示平均分", "fewest opinions for an average to be shown"),
    _house(RATED, "评价", 5, "units", "少于几次服务时不显示综合分", "fewest deliveries for a score to be shown"),
    _house(STRENGTH, "评价", 10, "units", "先验折合的服务次数", "deliveries that the prior weighs as much as"),
    _house(PRIOR, "评价", 80, "percent", "没有记录时的先验得分", "score of a provider without any record"),
    _house(YEARS, "评价", 2, "years", "综合分统计最近几年的服务", "years of deliveries that the score counts"),
    _house(f"{WEIGHT}.acceptance", "评价", 35, "percent", "验收结果的权重", "weight of the acceptances"),
    _house(f"{WEIGHT}.opinions", "评价", 30, "percent", "群众评价的权重", "weight of the opinions"),
    _house(f"{WEIGHT}.timeliness", "评价", 20, "percent", "准时到场和交凭证的权重", "weight of being on time"),
    _house(f"{WEIGHT}.orders", "评价", 15, "percent", "接单的权重", "weight of taking orders"),
)

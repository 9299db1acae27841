"""The figures of law that buying is judged by: seeds for the rulebook, and the one way to look a figure up.

A seed says whether its text was read. Where the rulebook holds a row for the day, the row decides.
"""

from dataclasses import dataclass
from datetime import date

from app.core import database
from procurement.blocks import Figure, Source


@dataclass(frozen=True, slots=True)
class Seed:
    """A dated figure as the rulebook is first filled with it; ``read`` is false where it is from memory (†)."""

    key: str
    document: str
    article: str
    value: int
    unit: str
    note_zh: str
    note_en: str
    read: bool = True
    effective_from: date = date(2022, 3, 1)


SEEDS = (
    Seed("framework.term", "财政部令第110号", "第15条", 2, "year",
         "服务类框架协议有效期的上限", "longest term of a framework for services"),
    Seed("framework.suppliers", "财政部令第110号", "第3条第3项", 2, "supplier",
         "开放式框架协议入围供应商的下限", "fewest suppliers of an open framework"),
    Seed("framework.review", "财政部令第110号", "第39条", 7, "working_day",
         "入围申请的审核期限", "time to decide an application"),
    Seed("framework.publication", "财政部令第110号", "第40条", 2, "working_day",
         "入围结果的公告期限", "time to publish an admission"),
    Seed("procurement.recusal", "政府采购法实施条例", "第9条", 3, "year",
         "与供应商有利害关系的回避年限", "years for which a tie with a supplier bars a person"),
    Seed("contract.signing", "政府采购法", "第46条", 30, "day",
         "签订合同的期限", "time to sign the contract"),
    Seed("contract.term", "财政部令第102号", "第24条", 1, "year",
         "政府购买服务合同履行期限", "term of a contract for services", read=False),
    Seed("contract.publication", "政府采购法实施条例", "第50条", 2, "working_day",
         "合同公告的期限", "time to publish the contract"),
    Seed("contract.filing", "政府采购法", "第47条", 7, "working_day",
         "合同副本备案的期限", "time to file the contract's copy"),
    Seed("purchase.archive", "政府采购法", "第42条", 15, "year",
         "采购文件保存年限", "years for which the file is kept"),
)  # fmt: skip
_BY_KEY = {seed.key: seed for seed in SEEDS}


async def figure(key: str, day: date) -> Figure:
    """Return the figure in force on the day; one that no officer has confirmed says so by its †."""
    row = await database.fetch_one(
        """SELECT document, article, value, verified_by FROM law_rule
           WHERE rule_key = $1 AND effective_from <= $2 AND (effective_to IS NULL OR effective_to > $2)
           ORDER BY length(jurisdiction) DESC LIMIT 1""",
        key,
        day,
    )
    seed = _BY_KEY[key]
    if row is None:
        return Figure(seed.value, Source(seed.document, seed.article, seed.read))
    verified = seed.read or row["verified_by"] is not None
    return Figure(int(row["value"]), Source(row["document"], row["article"], verified))

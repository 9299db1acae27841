"""The figures of law that buying is judged by: seeds for the rulebook, and the one way to look a figure up."""

from collections.abc import Sequence
from datetime import date

from app.core import calendar
from app.rulebook import RuleSeed, rule
from procurement.blocks import HOUSE_RULE, Figure, Source

TERM, SUPPLIERS = "framework.term", "framework.suppliers"
REVIEW, ADMISSION = "framework.review", "framework.publication"
RECUSAL, SIGNING, CONTRACT_TERM = "procurement.recusal", "contract.signing", "contract.term"
ADVANCE, NUDGE_AFTER, NUDGE_ESCALATES = "contract.advance", "payment.nudge", "payment.escalation"
CONTRACT_NOTICE, CONTRACT_COPY, ARCHIVE = "contract.publication", "contract.filing", "purchase.archive"

SEEDS = (
    RuleSeed(TERM, "财政部令第110号", "第15条", 2, "years",
             "服务类框架协议有效期的上限", "longest term of a framework for services"),
    RuleSeed(SUPPLIERS, "财政部令第110号", "第3条第3项", 2, "suppliers",
             "开放式框架协议入围供应商的下限", "fewest suppliers of an open framework"),
    RuleSeed(REVIEW, "财政部令第110号", "第39条", 7, "working_days",
             "入围申请的审核期限", "time to decide an application"),
    RuleSeed(ADMISSION, "财政部令第110号", "第40条", 2, "working_days",
             "入围结果的公告期限", "time to publish an admission"),
    RuleSeed(RECUSAL, "政府采购法实施条例", "第9条", 3, "years",
             "与供应商有利害关系的回避年限", "years for which a tie with a supplier bars a person"),
    RuleSeed(SIGNING, "政府采购法", "第46条", 30, "calendar_days",
             "签订合同的期限", "time to sign the contract"),
    RuleSeed(CONTRACT_TERM, "财政部令第102号", "第24条", 1, "years",
             "政府购买服务合同履行期限", "term of a contract for services", read=False),
    RuleSeed(ADVANCE, "政府采购法实施条例", "第51条", 30, "percent",
             "合同约定的预付款比例上限", "largest advance that a contract agrees on", read=False),
    RuleSeed(NUDGE_AFTER, HOUSE_RULE, "", 2, "working_days",
             "等待多久以后可以催办付款", "how long before a payment that waits may be nudged"),
    RuleSeed(NUDGE_ESCALATES, HOUSE_RULE, "", 3, "working_days",
             "催办以后多久没有进展，同时送监督人员", "how long after a nudge the supervisor sees it as well"),
    RuleSeed(CONTRACT_NOTICE, "政府采购法实施条例", "第50条", 2, "working_days",
             "合同公告的期限", "time to publish the contract"),
    RuleSeed(CONTRACT_COPY, "政府采购法", "第47条", 7, "working_days",
             "合同副本备案的期限", "time to file the contract's copy"),
    RuleSeed(ARCHIVE, "政府采购法", "第42条", 15, "years",
             "采购文件保存年限", "years for which the file is kept"),
)  # fmt: skip


async def figure(key: str, day: date, place_code: str = "3301") -> Figure:
    """Return the figure in force on the day at the place; one that no officer has confirmed says so by its †."""
    found = await rule(key, on=day, jurisdiction=place_code)
    return Figure(found.whole, Source(found.document, found.article, found.verified), found.unit)


async def last_days(figure: Figure, starts: Sequence[date]) -> list[date]:
    """Return the last day of each period that begins on a day and lasts as long as a figure says."""
    days = await calendar.load_calendar()
    return [calendar.deadline(days, start, figure.value, figure.unit) for start in starts]

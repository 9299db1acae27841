"""The figures of law that buying is judged by: seeds for the rulebook, and the one way to look a figure up."""

from collections.abc import Sequence
from datetime import date

from app.core import calendar
from app.core.calendar import Calendar
from app.rulebook import RuleSeed, rule, rules_and_days
from marketplace.organizations.provision import CATEGORY_NAMES, Category
from procurement.blocks import HOUSE_RULE, Figure, Source

TERM, SUPPLIERS = "framework.term", "framework.suppliers"
REVIEW, ADMISSION = "framework.review", "framework.publication"
RECUSAL, SIGNING, CONTRACT_TERM = "procurement.recusal", "contract.signing", "contract.term"
ANSWER, REFUSALS = "order.answer", "order.refusals"
DISPUTE = "claim.dispute"
ADVANCE, NUDGE_AFTER, NUDGE_ESCALATES = "contract.advance", "payment.nudge", "payment.escalation"
CONTRACT_NOTICE, CONTRACT_COPY, ARCHIVE = "contract.publication", "contract.filing", "purchase.archive"
SUPPLEMENT = "contract.supplement"
EVALUATION, FILING, CURE = "purchase.evaluation", "framework.filing", "contract.cure"
ADJUSTMENT = "budget.adjustment"
"""Duties without a figure, whose articles officers confirm like figures."""
QUOTATION_LIMIT, CENTRALIZED, SPLITTING = "quotation.limit", "quotation.centralized", "quotation.splitting"
QUOTATION_SUPPLIERS, QUOTATION_DAYS = "quotation.suppliers", "quotation.days"
KEEPERS, KEEPERS_NEEDED = "quotation.keepers", "quotation.keepers_needed"
LOW_OF_MEAN, LOW_OF_SECOND, LOW_OF_CEILING = "quotation.low_mean", "quotation.low_second", "quotation.low_ceiling"
_CATALOGUE, _FLAGS = "浙江省政府集中采购目录及标准", "OCP Red Flags"
CARRY_YEARS, LEFT_OVER = "budget.carry_years", "budget.left_over"
SLOW_FROM, SLOW_BELOW = "budget.slow_from", "budget.slow_below"
DISCLOSED_FROM = "disclosure.smallest"

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
    RuleSeed(NUDGE_AFTER, HOUSE_RULE, "催办", 2, "working_days",
             "等待多久以后可以催办付款", "how long before a payment that waits may be nudged"),
    RuleSeed(NUDGE_ESCALATES, HOUSE_RULE, "催办", 3, "working_days",
             "催办以后多久没有进展，同时送监督人员", "how long after a nudge the supervisor sees it as well"),
    RuleSeed(CONTRACT_NOTICE, "政府采购法实施条例", "第50条", 2, "working_days",
             "合同公告的期限", "time to publish the contract"),
    RuleSeed(CONTRACT_COPY, "政府采购法", "第47条", 7, "working_days",
             "合同副本备案的期限", "time to file the contract's copy"),
    RuleSeed(SUPPLEMENT, "政府采购法", "第49条", 10, "percent",
             "补充合同累计金额占原合同金额的上限", "most that all supplements may add to a contract's price"),
    RuleSeed(EVALUATION, "财政部令第102号", "第20条", 1, "yes_no",
             "结项前完成绩效评价", "a purchase is evaluated before it is closed", read=False),
    RuleSeed(FILING, "财政部令第110号", "采购方案备案", 1, "yes_no",
             "框架协议的采购方案报本级财政部门备案", "a framework's scheme is filed with the finance bureau",
             read=False),
    RuleSeed(CURE, "中华人民共和国民法典", "第563条", 1, "yes_no",
             "违约的，经催告在合理期限内仍未履行才能解除", "a breach ends a contract once the time to cure it is over",
             read=False, effective_from=date(2021, 1, 1)),
    RuleSeed(ADJUSTMENT, "预算法", "第72条", 1, "yes_no",
             "不同预算科目之间的资金调剂，按财政部门的规定办理",
             "money moves between lines by the rules of finance", read=False, effective_from=date(2018, 12, 29)),
    RuleSeed(CARRY_YEARS, "预算法", "第42条", 2, "years",
             "结转资金最多连续结转几年，再用不完按结余管理",
             "how often on end money is carried over before it is left over",
             read=False, effective_from=date(2018, 12, 29)),
    RuleSeed(LEFT_OVER, "预算法", "第42条", 1, "yes_no",
             "年终没有签约、没有应付的结余资金收回", "what nothing binds at the end of the year is taken back",
             read=False, effective_from=date(2018, 12, 29)),
    RuleSeed(ARCHIVE, "政府采购法", "第42条", 15, "years",
             "采购文件保存年限", "years for which the file is kept"),
    RuleSeed(QUOTATION_LIMIT, _CATALOGUE, "二", 1_000_000, "yuan",
             "分散采购限额标准：低于它且不在集中采购目录内的，不适用政府采购法",
             "below it, and off the catalogue, procurement law does not apply",
             read=False, jurisdiction="33"),
    RuleSeed(SPLITTING, "政府采购法实施条例", "第28条", 1_000_000, "yuan",
             "同一预算项目同一品目一年内比价采购的累计上限（取限额标准）",
             "most that a year's quotations of one line and category may sum up to",
             read=False, jurisdiction="33"),
    *(
        RuleSeed(f"{CENTRALIZED}.{category.value}", _CATALOGUE, "一", 0, "yes_no",
                 f"{CATEGORY_NAMES[category]}列入集中采购目录",
                 f"{category.value.replace('_', ' ')} is on the centralized catalogue", read=False, jurisdiction="33")
        for category in Category
    ),
    RuleSeed(QUOTATION_SUPPLIERS, HOUSE_RULE, "三家比价", 3, "suppliers",
             "比价采购邀请的供应商和有效报价的下限", "fewest suppliers invited, and fewest quotations that count"),
    RuleSeed(QUOTATION_DAYS, HOUSE_RULE, "三家比价", 3, "calendar_days",
             "从邀请到报价截止的最短时间", "shortest time from the invitation to the deadline"),
    RuleSeed(KEEPERS, HOUSE_RULE, "密封报价", 3, "people", "一次比价的保管人下限", "fewest keepers of a round"),
    RuleSeed(KEEPERS_NEEDED, HOUSE_RULE, "密封报价", 2, "people",
             "共同开启报价的保管人人数", "keepers who open the quotations together"),
    RuleSeed(LOW_OF_MEAN, _FLAGS, "R024", 50, "percent",
             "低于平均报价的这个比例，提示核实", "below this share of the mean: review"),
    RuleSeed(LOW_OF_SECOND, _FLAGS, "R058", 50, "percent",
             "低于次低报价的这个比例，提示核实", "below this share of the second lowest: review"),
    RuleSeed(LOW_OF_CEILING, _FLAGS, "R024", 45, "percent",
             "低于最高限价的这个比例，提示核实", "below this share of the ceiling: review"),
    RuleSeed(SLOW_FROM, HOUSE_RULE, "预算执行预警", 10, "month",
             "预算执行预警从几月一日开始", "month on whose first day warnings about slow budgets begin"),
    RuleSeed(SLOW_BELOW, HOUSE_RULE, "预算执行预警", 75, "percent",
             "预算执行预警的支出进度", "share spent below which a budget counts as slow"),
    RuleSeed(DISCLOSED_FROM, HOUSE_RULE, "资金公开", 3, "people",
             "公开的合计至少包含几个人的款项，少于它不公开", "fewest people whose pay a published total contains"),
    RuleSeed(ANSWER, HOUSE_RULE, "点单", 2, "working_days",
             "机构答复村社点单的期限，到期按不接处理", "time for a provider to answer a village's order"),
    RuleSeed(DISPUTE, HOUSE_RULE, "补贴异议", 5, "working_days",
             "申领人提出异议后答复的期限", "time to answer a claimant's objection"),
    RuleSeed(REFUSALS, HOUSE_RULE, "点单", 3, "orders",
             "一年内拒单达到几次提示核查", "refusals within a year from which an officer is told"),
)  # fmt: skip


async def figure(key: str, day: date, place_code: str = "3301") -> Figure:
    """Return the figure in force on the day at the place; one that no officer has confirmed says so by its †."""
    return Figure.of(await rule(key, on=day, jurisdiction=place_code))


async def source(key: str, day: date, place_code: str = "3301") -> Source:
    """Return where a duty stands on the day at the place."""
    return (await figure(key, day, place_code)).source


async def figure_and_days(key: str, day: date, place_code: str = "3301") -> tuple[Figure, Calendar]:
    """Return the same with the calendar that its period is counted by, in one statement."""
    found, days = await rules_and_days([key], on=day, jurisdiction=place_code)
    return Figure.of(found[key]), days


async def last_days(figure: Figure, starts: Sequence[date]) -> list[date]:
    """Return the last day of each period that begins on a day and lasts as long as a figure says."""
    days = await calendar.load_calendar()
    return [calendar.deadline(days, start, figure.value, figure.unit) for start in starts]

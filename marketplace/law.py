"""The figures of law that listing is judged by, as the rulebook is first filled with them."""

from datetime import date, timedelta

from app.rulebook import RuleSeed, rules_on
from marketplace.products.content import Unit

REVIEW_DAYS, TIE_YEARS, CEILING = "marketplace.review", "marketplace.recusal", "marketplace.ceiling"
PLAN_INCUBATED = "plan.incubated"
EDITION_IDLE_DAYS, EDITION_RATINGS, EDITION_LOWEST_MEAN = "edition.idle_days", "edition.ratings", "edition.lowest_mean"
PAPER_WARNING = "marketplace.paper_warning"
_HOUSE = "本平台规则"
_DEMO = "示范数据（未经核定的购买服务限价）"

SEEDS = (
    RuleSeed(REVIEW_DAYS, "财政部令第110号", "第39条", 7, "working_days",
             "产品审查期限，自提交次日起算", "term of a product's review, from the day after submission"),
    RuleSeed(TIE_YEARS, "政府采购法实施条例", "第9条", 3, "years",
             "与提供方有任职关系的回避年限", "years for which a past tie bars an officer"),
    RuleSeed(PAPER_WARNING, _HOUSE, "一", 60, "calendar_days",
             "证照到期前多少天开始提醒和预警", "days before a paper ends from which its renewal is asked for"),
    RuleSeed(f"{CEILING}.lecture", _DEMO, "一", 3_000, "yuan",
             "每场法治宣传的限价", "ceiling of a lecture", read=False),
    RuleSeed(f"{CEILING}.visit", _DEMO, "二", 1_000, "yuan",
             "每次走访的限价", "ceiling of a visit", read=False),
    RuleSeed(f"{CEILING}.half_day", _DEMO, "三", 800, "yuan",
             "每半天值守的限价", "ceiling of half a day", read=False),
    RuleSeed(f"{CEILING}.case", _DEMO, "四", 5_000, "yuan",
             "每件办理的限价", "ceiling of a case", read=False),
    RuleSeed(f"{CEILING}.session", _DEMO, "五", 300, "yuan",
             "每人次服务的限价", "ceiling of a session", read=False),
    RuleSeed(PLAN_INCUBATED, "杭州市公共法律服务体系“十三五”规划", "社会组织孵化", 20, "organizations",
             "规划期内孵化社会组织的数量", "social organizations to be incubated by the plan"),
    RuleSeed(EDITION_IDLE_DAYS, _HOUSE, "目录年版", 365, "days",
             "上架多久无人点单即建议退出目录", "days listed without one order before a product is proposed to retire"),
    RuleSeed(EDITION_RATINGS, _HOUSE, "目录年版", 5, "ratings",
             "平均分有意义的最少评价数", "fewest ratings for a mean to say something"),
    RuleSeed(EDITION_LOWEST_MEAN, _HOUSE, "目录年版", 35, "tenths",
             "平均分低于多少（十分之一分）即建议调整", "mean rating, in tenths, below which to adjust"),
)  # fmt: skip


async def warned_until(day: date) -> date:
    """Return the last day that is warned of: a paper that ends by then is to be renewed."""
    return day + timedelta(days=(await rules_on([PAPER_WARNING], on=day))[PAPER_WARNING].whole)


async def ceilings_on(day: date) -> dict[Unit, int]:
    """Return the price ceilings in fen per unit in force on the day; one that may not be relied on is refused."""
    rules = await rules_on([f"{CEILING}.{unit.value}" for unit in Unit], on=day)
    return {unit: rules[f"{CEILING}.{unit.value}"].whole * 100 for unit in Unit}

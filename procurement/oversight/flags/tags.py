"""Words for flags: what each kind compares, its figures with their units, where an auditor's look stands."""

from collections.abc import Mapping
from datetime import date

from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Tag
from procurement.oversight.flags.rules import FlagKind, FlagStatus

KIND_NAMES: Mapping[FlagKind, str] = {
    FlagKind.SPLITTING: N_("同类采购累计接近限额"),
    FlagKind.SHORT_PERIOD: N_("报价时间短"),
    FlagKind.SINGLE_RESPONSE: N_("只有一家报价"),
    FlagKind.IDENTICAL_PRICES: N_("报价相同"),
    FlagKind.FIXED_RATIO: N_("报价成固定比例"),
    FlagKind.ALL_EXCLUDED: N_("其余报价全部被排除"),
    FlagKind.LOW_PRICE: N_("报价偏低"),
    FlagKind.CAPTURE: N_("集中于一家供应商"),
    FlagKind.OVERLAP: N_("一人同时在两处"),
    FlagKind.BILLED_TWICE: N_("一次服务申领两次"),
    FlagKind.PAID_EARLY: N_("验收之前付款"),
    FlagKind.SAME_PERSON: N_("验收人也是经手人"),
    FlagKind.NO_OPINION: N_("无人评价"),
    FlagKind.LATE_NOTICE: N_("合同公告、备案逾期"),
}
COMPARED: Mapping[FlagKind, tuple[str, str]] = {
    FlagKind.SPLITTING: (N_("全年非公开招标采购合计"), N_("提示线")),
    FlagKind.SHORT_PERIOD: (N_("邀请到截止"), N_("最短时间")),
    FlagKind.SINGLE_RESPONSE: (N_("收到报价"), N_("提示线（不多于）")),
    FlagKind.IDENTICAL_PRICES: (N_("报价相同的供应商"), N_("提示线")),
    FlagKind.FIXED_RATIO: (N_("成固定比例的报价"), N_("至少")),
    FlagKind.ALL_EXCLUDED: (N_("未被排除的报价"), N_("提示线（不多于）")),
    FlagKind.LOW_PRICE: (N_("报价单价"), N_("提示线（低于）")),
    FlagKind.CAPTURE: (N_("占全年直接选定的比例"), N_("提示线")),
    FlagKind.OVERLAP: (N_("重叠（含路程）"), N_("提示线")),
    FlagKind.BILLED_TWICE: (N_("有效申领"), N_("最多")),
    FlagKind.PAID_EARLY: (N_("早于验收"), N_("允许")),
    FlagKind.SAME_PERSON: (N_("另外经手"), N_("提示线")),
    FlagKind.NO_OPINION: (N_("服务人数"), N_("提示线")),
    FlagKind.LATE_NOTICE: (N_("签订后用时"), N_("期限")),
}
"""What was measured, and what it was measured against."""
PART_NAMES: Mapping[str, str] = {
    "limit": N_("限额"),
    "share": N_("提示比例"),
    "hours": N_("实际小时数"),
    "invited": N_("邀请"),
    "price": N_("相同的单价"),
    "step": N_("逐级比例"),
    "tolerance": N_("允许误差"),
    "opened": N_("开启的报价"),
    "excluded": N_("被排除"),
    "mean": N_("平均单价"),
    "ceiling": N_("最高单价"),
    "second": N_("其他最低单价"),
    "own": N_("该供应商"),
    "all": N_("全部"),
    "own_fen": N_("该供应商金额"),
    "all_fen": N_("全部金额"),
    "claim": N_("申领金额"),
    "paid_on": N_("付款日"),
    "accepted_on": N_("验收日"),
    "requested": N_("提出申请"),
    "approved": N_("批准采购"),
    "signed": N_("代表采购人签约"),
    "provided": N_("代表供应商签约"),
    "ordered": N_("点单"),
    "answered": N_("接单"),
    "opinions": N_("评价"),
    "signed_on": N_("签订日"),
    "last_day": N_("最后一天"),
    "done_on": N_("完成日"),
}
_UNITS: Mapping[str, str] = {
    "days": N_("%(n)s 天"),
    "hours": N_("%(n)s 小时"),
    "minutes": N_("%(n)s 分钟"),
    "suppliers": N_("%(n)s 家"),
    "people": N_("%(n)s 人"),
    "times": N_("%(n)s 次"),
    "percent": "%(n)s%%",
    "per_mille": "%(n)s‰",
}
STATUS_TAGS: Mapping[FlagStatus, Tag] = {
    FlagStatus.OPEN: Tag("wait", N_("请核查")),
    FlagStatus.REFERRED: Tag("info", N_("已移送")),
    FlagStatus.EXPLAINED: Tag("done", N_("已说明")),
}
CLOSED = Tag("off", N_("已不成立"))


def said(value: int | None, unit: str) -> Message | str:
    """Return a figure as a person reads it."""
    if value is None:
        return Message(N_("尚未发生"))
    if unit == "fen":
        return yuan(value)
    if unit == "date":
        return date.fromordinal(value).isoformat()
    return Message(_UNITS[unit], {"n": value})

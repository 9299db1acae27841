"""What can be wrong with a set that is to be published, and the words for it."""

from typing import Any

from msgspec import Struct

from app.core.text import N_, Message

FAULTS = {
    "no_lines": N_("没有任何条目"),
    "duplicate": N_("编号重复"),
    "dates_reversed": N_("生效日期晚于失效日期"),
    "dates_overlap": N_("%(first)s 起与“%(other)s”同时适用：请改生效或失效日期，使每一天只有一套标准"),
    "dates_gap": N_(
        "与“%(other)s”之间，%(first)s 到 %(last)s（%(days)s 天）没有标准适用：请把日期改到相接，或先发布这些日子的标准"
    ),
    "dates_end": N_(
        "在用的标准没有终止日，发布后止于 %(before)s；这一套止于 %(last)s，%(first)s 起就没有标准适用："
        "请去掉失效日期（to），它会在下一套标准发布时自动终止"
    ),
    "range_reversed": N_("起点 %(first)s 大于终点 %(last)s，或小于 0"),
    "overlap": N_("与“%(other)s”的数量范围重叠"),
    "gap": N_("与“%(other)s”之间缺少 %(first)s 到 %(last)s 的数量范围"),
    "ambiguous": N_("与“%(other)s”会同时适用于同一项工作"),
    "unknown_modifier": N_("引用了不存在的调整项“%(other)s”"),
    "unknown_line": N_("引用了不存在的条目“%(other)s”"),
    "unknown_item": N_("引用了不存在的项目“%(other)s”"),
    "unknown_dimension": N_("没有“%(other)s”这个维度"),
    "percent_cycle": N_("按比例计价的条目互相引用"),
    "several_forms": N_("一个条目只能用一种计价方式"),
    "no_labour_day": N_("按劳务天数计价，但没有规定每天的基本劳务费"),
    "bounds": N_("幅度的下限大于上限，或两端都没有"),
    "negative_amount": N_("金额不能小于 0"),
    "below_zero": N_("调整项合计可能把金额减到 0 以下"),
    "no_condition": N_("调整项没有任何适用条件"),
    "cap_form": N_("上限必须是金额或倍数之一，且不小于 0"),
    "cap_lines": N_("只有单条上限可以指定条目"),
    "step": N_("取整单位必须是 0.01 元的正整数倍"),
}


class Fault(Struct, frozen=True):
    """One fault: its key in FAULTS, where it is (the id of a line, modifier, cap or set), and values."""

    key: str
    where: str
    values: dict[str, Any] = {}

    @property
    def message(self) -> Message:
        """Return the fault in words, translatable."""
        return Message(N_("%(where)s：%(problem)s"), {"where": self.where, "problem": self._problem()})

    def _problem(self) -> Message:
        return Message(FAULTS[self.key], self.values)

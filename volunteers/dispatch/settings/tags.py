"""How settings are called, what they mean, and in what they are measured."""

from collections.abc import Mapping

from app.core.text import N_
from volunteers.dispatch.settings.rules import Asking, PlannedLevel

LEVEL_NAMES: Mapping[PlannedLevel, str] = {
    PlannedLevel.CITY: N_("全市一起排"),
    PlannedLevel.DISTRICT: N_("各区县分开排"),
    PlannedLevel.NEVER: N_("不自动排"),
}
NAMES: Mapping[str, str] = {
    "planned_level": N_("自动排班"),
    "time_limit_s": N_("最多算几秒"),
    "weeks_ahead": N_("提前几周排"),
    "answer_hours": N_("邀请几小时内答复"),
    "asking": N_("发布以后"),
    "fairness": N_("大家轮流去"),
    "preference": N_("合各人的喜好"),
    "km": N_("少跑路"),
    "continuity": N_("熟人熟地"),
    "acceptance_floor": N_("不常答应的少派"),
}
HINTS: Mapping[str, str] = {
    "planned_level": N_("每周一早上排，夜里有变化就重排。"),
    "time_limit_s": N_("1 到 900。越久越好，到时间就用当时最好的。"),
    "weeks_ahead": N_("1 到 8。1 就是排下一周。"),
    "answer_hours": N_("1 到 336。过时没有答复，名额给别人。"),
    "asking": N_("先邀请：本人答应才算数。直接派：马上定下，去不了再退出。"),
    "fairness": N_("数越大，越不让同几个人总去。"),
    "preference": N_("派去做不喜欢的任务，一次记这么多。"),
    "km": N_("每多跑一公里记这么多。"),
    "continuity": N_("该由熟人去的地方派了生人，一次记这么多。"),
    "acceptance_floor": N_("某类任务答应率低于百分之几，就当作不喜欢这类任务。0 就是不看答应率。"),
}
ASKING_NAMES: Mapping[Asking, str] = {Asking.ASK: N_("先邀请"), Asking.SEND: N_("直接派")}
CHOICE_NAMES: Mapping[str, str] = {**LEVEL_NAMES, **ASKING_NAMES}
PLANNING = ("planned_level", "weeks_ahead", "time_limit_s", "asking", "answer_hours")
WEIGHTS = ("fairness", "preference", "km", "continuity", "acceptance_floor")
EVERYWHERE = N_("预设")

"""Reasons against a sign-up in a few words, where there is no room for the whole sentence."""

from collections.abc import Mapping

from app.core.text import N_
from volunteers.assignments.sign_ups.rules import Reason

REASON_NAMES: Mapping[Reason, str] = {
    Reason.NOT_OPEN: N_("已停止报名"),
    Reason.STARTED: N_("已经开始"),
    Reason.NOT_ACTIVE: N_("暂停接任务"),
    Reason.ALREADY_SIGNED_UP: N_("已报这个任务"),
    Reason.CREDENTIAL: N_("证件届时无效"),
    Reason.TRAINING: N_("所需培训没有完成"),
    Reason.SKILL: N_("专长不符"),
    Reason.LANGUAGE: N_("语言不符"),
    Reason.GENDER: N_("当事人另有要求"),
    Reason.CONFLICT_OF_INTEREST: N_("回避"),
    Reason.ELSEWHERE: N_("同时有别的任务"),
    Reason.TRAVEL_AND_REST: N_("来不及赶路或休息"),
    Reason.DAY_LIMIT: N_("超过每天时长上限"),
    Reason.WEEK_LIMIT: N_("超过每周时长上限"),
    Reason.SHIFT_LIMIT: N_("超过每周次数上限"),
    Reason.SEATS_TAKEN: N_("名额已满"),
    Reason.ASK_FIRST: N_("由站点选人"),
    Reason.REQUEST_ONLY: N_("几次未到场，先申请"),
    Reason.NO_SHOWS: N_("几次未到场，暂不能报名"),
    Reason.REGULARS_FIRST: N_("先请常来的人报名"),
}

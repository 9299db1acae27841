"""How runs, gaps and outcomes are called; the sentences of a reason are in templates/volunteers/dispatch/parts.html."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.queries import RunView
from volunteers.dispatch.results import Outcome
from volunteers.dispatch.rules import RunStatus

RUN_TAGS: Mapping[RunStatus, Tag] = {
    RunStatus.QUEUED: Tag("wait", N_("排队中")),
    RunStatus.SOLVING: Tag("wait", N_("正在计算"), "cpu"),
    RunStatus.SOLVED: Tag("need", N_("待批准")),
    RunStatus.APPROVED: Tag("need", N_("已批准，待发布"), "check2-circle"),
    RunStatus.PUBLISHED: Tag("done", N_("已发布")),
    RunStatus.FAILED: Tag("need", N_("没有算成"), "x-circle-fill"),
    RunStatus.SUPERSEDED: Tag("off", N_("已被替代")),
}
NOTHING_NEW_TAG = Tag("off", N_("没有要改的"), "check2")
"""A re-plan that sends nobody new; the plan in force stays as it is."""

OUTCOME_TAGS: Mapping[Outcome, Tag] = {
    Outcome.PROPOSED: Tag("info", N_("拟派")),
    Outcome.TAKEN: Tag("off", N_("已拿掉"), "person-dash"),
    Outcome.SENT: Tag("done", N_("已派出")),
    Outcome.REFUSED: Tag("need", N_("没有派成")),
}
KEPT_TAG = Tag("off", N_("本人已报名"), "person-check")
OUTCOME_NAMES = {outcome: tag.label for outcome, tag in OUTCOME_TAGS.items()}


def tag_of(run: RunView) -> Tag:
    """Return how a run stands, for its page and the list."""
    if run.status == RunStatus.SUPERSEDED and run.published_at is None and run.sends_nobody:
        return NOTHING_NEW_TAG
    return RUN_TAGS[RunStatus(run.status)]


REASON_NAMES: Mapping[Refusal, str] = {
    Refusal.CREDENTIAL: N_("没有所需证件"),
    Refusal.SKILL: N_("缺少专长"),
    Refusal.LANGUAGE: N_("不会所需语言"),
    Refusal.GENDER: N_("性别不符"),
    Refusal.AVAILABILITY: N_("那时都没空"),
    Refusal.DISTANCE: N_("路太远"),
    Refusal.CONFLICT_OF_INTEREST: N_("应当回避"),
    Refusal.CANCELLED: N_("已请假"),
    Refusal.ELSEWHERE: N_("那时已在别处"),
    Refusal.DAY_LIMIT: N_("当天已到上限"),
    Refusal.WEEK_LIMIT: N_("本周时长已满"),
    Refusal.SHIFT_LIMIT: N_("本周次数已满"),
    Refusal.SHIFT_NOT_HELD: N_("同一班缺别的人"),
    Refusal.SEATS_TAKEN: N_("岗位已满"),
    Refusal.NOT_CHOSEN: N_("计划没有安排"),
}
"""What keeps a seat empty, in a word for charts."""

"""How an organization grows: three stages of three milestones each, a mentor, and a graduation by somebody else.

杭州市公共法律服务体系"十三五"规划 asks for at least twenty incubated organizations; stages and milestones are
the house's own.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message


class IncubationStatus(StrEnum):
    """Where an organization stands in its incubation."""

    APPLIED = "applied"
    DIAGNOSIS = "diagnosis"
    CAPACITY = "capacity"
    PRACTICE = "practice"
    GRADUATED = "graduated"
    REFUSED = "refused"
    LEFT = "left"


class IncubationEvent(StrEnum):
    """What moves an incubation."""

    TAKE_IN = "take_in"
    REFUSE = "refuse"
    ADVANCE = "advance"
    GRADUATE = "graduate"
    LEAVE = "leave"


S, E = IncubationStatus, IncubationEvent
TRANSITIONS: dict[tuple[IncubationStatus, IncubationEvent], IncubationStatus] = {
    (S.APPLIED, E.TAKE_IN): S.DIAGNOSIS,
    (S.APPLIED, E.REFUSE): S.REFUSED,
    (S.APPLIED, E.LEAVE): S.LEFT,
    (S.DIAGNOSIS, E.ADVANCE): S.CAPACITY,
    (S.DIAGNOSIS, E.LEAVE): S.LEFT,
    (S.CAPACITY, E.ADVANCE): S.PRACTICE,
    (S.CAPACITY, E.LEAVE): S.LEFT,
    (S.PRACTICE, E.GRADUATE): S.GRADUATED,
    (S.PRACTICE, E.LEAVE): S.LEFT,
}
STAGES = (S.DIAGNOSIS, S.CAPACITY, S.PRACTICE)


class Milestone(StrEnum):
    """What is reached in a stage."""

    PAPERS = "papers"
    CHARTER = "charter"
    NEEDS = "needs"
    TEAM = "team"
    TRAINING = "training"
    PRODUCT = "product"
    ADMISSION = "admission"
    DELIVERIES = "deliveries"
    SATISFACTION = "satisfaction"


MILESTONES: Mapping[IncubationStatus, tuple[Milestone, ...]] = {
    S.DIAGNOSIS: (Milestone.PAPERS, Milestone.CHARTER, Milestone.NEEDS),
    S.CAPACITY: (Milestone.TEAM, Milestone.TRAINING, Milestone.PRODUCT),
    S.PRACTICE: (Milestone.ADMISSION, Milestone.DELIVERIES, Milestone.SATISFACTION),
}
STAGE_OF = {milestone: stage for stage, found in MILESTONES.items() for milestone in found}

STATUS_NAMES: Mapping[IncubationStatus, str] = {
    S.APPLIED: N_("已申请孵化"),
    S.DIAGNOSIS: N_("入壳诊断"),
    S.CAPACITY: N_("能力建设"),
    S.PRACTICE: N_("项目实战"),
    S.GRADUATED: N_("已出壳"),
    S.REFUSED: N_("未受理"),
    S.LEFT: N_("已退出孵化"),
}
EVENT_NAMES: Mapping[IncubationEvent, str] = {
    E.TAKE_IN: N_("受理入壳"),
    E.REFUSE: N_("不予受理"),
    E.ADVANCE: N_("进入下一阶段"),
    E.GRADUATE: N_("出壳"),
    E.LEAVE: N_("退出孵化"),
}
MILESTONE_NAMES: Mapping[Milestone, str] = {
    Milestone.PAPERS: N_("证照、账户和社保齐备"),
    Milestone.CHARTER: N_("章程和财务制度成文"),
    Milestone.NEEDS: N_("完成能力诊断，定下孵化计划"),
    Milestone.TEAM: N_("有三名以上持证服务人员"),
    Milestone.TRAINING: N_("负责人和项目人员完成培训"),
    Milestone.PRODUCT: N_("首个服务产品上架"),
    Milestone.ADMISSION: N_("首次入围框架协议"),
    Milestone.DELIVERIES: N_("首批服务验收合格"),
    Milestone.SATISFACTION: N_("服务对象满意"),
}


class AlreadyIncubated(DomainError):
    """An organization is incubated once."""

    code, status, message = "already_incubated", 409, N_("本单位已经申请孵化，或已在孵化、已出壳。")


class MilestonesMissing(DomainError):
    """A stage ends with its milestones."""

    code, status = "milestones_missing", 409
    message = N_("本阶段还有里程碑没有确认：%(missing)s。请先由另一人核对证明后确认。")


class MentorGraduates(DomainError):
    """Who mentored does not judge."""

    code, status, message = "mentor_graduates", 409, N_("出壳评审不能由导师本人办理，请交由其他工作人员。")


class MentorUnknown(DomainError):
    """A mentor is a person with an account."""

    code, status, message = "mentor_unknown", 422, N_("没有找到这个手机号的账号。请核对，或请导师先登录一次。")


class NotInStage(DomainError):
    """A milestone is stated in its stage."""

    code, status, message = "not_in_stage", 409, N_("这个里程碑属于“%(stage)s”阶段，现在还不能登记。")


class MilestoneConfirmed(DomainError):
    """What was confirmed stays as it was said."""

    code, status, message = (
        "milestone_confirmed",
        409,
        N_("这个里程碑已经确认，证明不能再改。请登记还没有确认的里程碑。"),
    )


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "incubation_once": AlreadyIncubated,
    "incubation_graduated_by_another": MentorGraduates,
    "incubation_milestone_frozen": MilestoneConfirmed,
}


def require_milestones(status: IncubationStatus, event: IncubationEvent, confirmed: Collection[Milestone]) -> None:
    """Refuse to leave a stage, or to graduate, before its milestones are confirmed."""
    if event not in (E.ADVANCE, E.GRADUATE):
        return
    missing = [milestone for milestone in MILESTONES.get(status, ()) if milestone not in confirmed]
    if missing:
        names = tuple(Message(MILESTONE_NAMES[milestone]) for milestone in missing)
        raise MilestonesMissing(missing=listed(names))


def listed(names: tuple[Message, ...]) -> Message:
    """Join names as Chinese and English both read them."""
    joined = names[0]
    for name in names[1:]:
        joined = Message(N_("%(before)s、%(name)s"), {"before": joined, "name": name})
    return joined


def require_stage(status: IncubationStatus, milestone: Milestone) -> None:
    """Refuse a milestone of a stage that has not begun; one of an earlier stage may still be put right."""
    stage = STAGE_OF[milestone]
    if status not in STAGES or STAGES.index(stage) > STAGES.index(status):
        raise NotInStage(stage=Message(STATUS_NAMES[stage]))

"""What people call the states of the marketplace, and what the audit trail of its things says."""

from app.core.state import name_states
from app.core.text import N_
from app.operations.recorded import name_actions
from marketplace.flagships import rules as flagships
from marketplace.organizations import rules as organizations
from marketplace.organizations.incubation import rules as incubation
from marketplace.organizations.members import rules as members
from marketplace.products import rules as products
from marketplace.products.capacity import routes as capacity
from marketplace.wishes import routes as wishes
from marketplace.wishes import rules as wish_rules

ACTION_NAMES = {
    **{f"product.{event.value}": name for event, name in products.EVENT_NAMES.items()},
    **{f"organization.{event.value}": name for event, name in organizations.EVENT_NAMES.items()},
    "product.created": N_("写下第一版"),
    **{f"incubation.{event.value}": name for event, name in incubation.EVENT_NAMES.items()},
    **{f"flagship.{event.value}": name for event, name in flagships.EVENT_NAMES.items()},
    "flagship.proposed": N_("拟定项目"),
    "edition.drawn_up": N_("编制年版"),
    "edition.decided": N_("决定年版条目"),
    "edition.published": N_("发布年版"),
    "incubation.applied": N_("申请孵化"),
    "incubation.stated": N_("登记里程碑"),
    "incubation.confirmed": N_("确认里程碑"),
    "incubation.mentored": N_("记录辅导"),
    "organization.applied": N_("申请登记"),
    "organization.reapplied": N_("重新申请"),
    "organization.edited": N_("修改资料"),
    "organization.interest_declared": N_("工作人员申报了回避关系"),
    "organization.interest_ended": N_("回避关系结束"),
    "organization.member_invited": N_("邀请成员"),
    "organization.member_joined": N_("成员加入"),
    "organization.duty_named": N_("更改成员分工"),
    "organization.bank_account_revealed": N_("查看了银行账号"),
    "qualification.stated": N_("登记材料"),
    "qualification.verified": N_("材料核验属实"),
    "qualification.refused": N_("退回材料"),
    **capacity.ACTION_NAMES,
    **wishes.ACTION_NAMES,
}


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(
        *(products.STATUS_NAMES, organizations.STATUS_NAMES, members.STATUS_NAMES),
        *(incubation.STATUS_NAMES, flagships.STATUS_NAMES, wish_rules.STATUS_NAMES),
    )
    name_actions(ACTION_NAMES)

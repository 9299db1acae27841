"""What people call the states of the marketplace, and what the audit trail of its things says."""

from app.core.state import name_states
from app.core.text import N_
from app.operations.recorded import name_actions
from marketplace.organizations import rules as organizations
from marketplace.products import rules as products
from marketplace.products.capacity import routes as capacity
from marketplace.wishes import routes as wishes
from marketplace.wishes import rules as wish_rules

ACTION_NAMES = {
    **{f"product.{event.value}": name for event, name in products.EVENT_NAMES.items()},
    **{f"organization.{event.value}": name for event, name in organizations.EVENT_NAMES.items()},
    "product.created": N_("写下第一版"),
    "organization.applied": N_("申请登记"),
    "organization.reapplied": N_("重新申请"),
    "organization.edited": N_("修改资料"),
    "organization.bank_account_revealed": N_("查看了银行账号"),
    "qualification.stated": N_("登记材料"),
    "qualification.verified": N_("材料核验属实"),
    "qualification.refused": N_("退回材料"),
    **capacity.ACTION_NAMES,
    **wishes.ACTION_NAMES,
}


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(products.STATUS_NAMES, organizations.STATUS_NAMES, wish_rules.STATUS_NAMES)
    name_actions(ACTION_NAMES)

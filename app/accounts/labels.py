"""The roles in words."""

from app.core.access import Role
from app.core.text import N_

ROLE_LABELS: dict[Role, str] = {
    Role.RESIDENT: N_("居民"),
    Role.VOLUNTEER: N_("志愿者"),
    Role.PROVIDER: N_("服务机构人员"),
    Role.VILLAGE_CLERK: N_("村社干部"),
    Role.STATION_STAFF: N_("站点工作人员"),
    Role.COORDINATOR: N_("统筹调度人员"),
    Role.CATALOGUE_REVIEWER: N_("产品审核人员"),
    Role.PROCUREMENT_OFFICER: N_("采购经办人"),
    Role.APPROVER: N_("采购审批人"),
    Role.ACCEPTOR: N_("验收人员"),
    Role.CLAIMS_OFFICER: N_("补贴审核人员"),
    Role.SETTLEMENT_CLERK: N_("结算经办人"),
    Role.SETTLEMENT_APPROVER: N_("结算审批人"),
    Role.CASHIER: N_("出纳"),
    Role.SUPERVISOR: N_("监督人员"),
    Role.OPERATOR: N_("系统管理员"),
}

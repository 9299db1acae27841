"""How frameworks and admissions look: the sign of their status, and the words of a removal."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus, RemovalGround

STATUS_TAGS: Mapping[FrameworkStatus, Tag] = {
    FrameworkStatus.SCHEME: Tag("off", N_("拟定中"), "pencil"),
    FrameworkStatus.FILED: Tag("wait", N_("已备案")),
    FrameworkStatus.CALL_PUBLISHED: Tag("info", N_("征集中"), "megaphone"),
    FrameworkStatus.IN_FORCE: Tag("done", N_("生效中")),
    FrameworkStatus.EXPIRED: Tag("off", N_("已到期")),
}
ADMISSION_TAGS: Mapping[AdmissionStatus, Tag] = {
    AdmissionStatus.APPLIED: Tag("wait", N_("待审核")),
    AdmissionStatus.ADMITTED: Tag("done", N_("已入围")),
    AdmissionStatus.REFUSED: Tag("need", N_("未入围")),
    AdmissionStatus.WITHDRAWN: Tag("off", N_("已退出")),
    AdmissionStatus.REMOVED: Tag("off", N_("已清退")),
}
GROUND_NAMES: Mapping[RemovalGround, str] = {
    RemovalGround.COLLUSION: N_("恶意串通"),
    RemovalGround.FALSE_PAPERS: N_("提供虚假材料"),
    RemovalGround.REFUSED_ORDER: N_("无正当理由拒不接单"),
    RemovalGround.BREACH: N_("违约且未改正"),
}
STEPS: tuple[tuple[FrameworkStatus, str], ...] = (
    (FrameworkStatus.SCHEME, N_("拟定采购方案")),
    (FrameworkStatus.FILED, N_("报财政部门备案")),
    (FrameworkStatus.CALL_PUBLISHED, N_("发布征集公告，接受申请")),
    (FrameworkStatus.IN_FORCE, N_("两家以上入围，协议生效")),
    (FrameworkStatus.EXPIRED, N_("有效期届满")),
)

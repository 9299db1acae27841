"""How frameworks and admissions look: the sign of their status, and the words of a removal."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.frameworks.rules import (
    ADMISSION_NAMES,
    STATUS_NAMES,
    AdmissionStatus,
    FrameworkStatus,
    RemovalGround,
)

STATUS_TAGS: Mapping[FrameworkStatus, Tag] = {
    FrameworkStatus.SCHEME: Tag("off", STATUS_NAMES[FrameworkStatus.SCHEME], "pencil"),
    FrameworkStatus.FILED: Tag("wait", STATUS_NAMES[FrameworkStatus.FILED]),
    FrameworkStatus.CALL_PUBLISHED: Tag("info", STATUS_NAMES[FrameworkStatus.CALL_PUBLISHED], "megaphone"),
    FrameworkStatus.IN_FORCE: Tag("done", STATUS_NAMES[FrameworkStatus.IN_FORCE]),
    FrameworkStatus.EXPIRED: Tag("off", STATUS_NAMES[FrameworkStatus.EXPIRED]),
}
ADMISSION_TAGS: Mapping[AdmissionStatus, Tag] = {
    AdmissionStatus.APPLIED: Tag("wait", ADMISSION_NAMES[AdmissionStatus.APPLIED]),
    AdmissionStatus.ADMITTED: Tag("done", ADMISSION_NAMES[AdmissionStatus.ADMITTED]),
    AdmissionStatus.REFUSED: Tag("need", ADMISSION_NAMES[AdmissionStatus.REFUSED]),
    AdmissionStatus.WITHDRAWN: Tag("off", ADMISSION_NAMES[AdmissionStatus.WITHDRAWN]),
    AdmissionStatus.REMOVED: Tag("off", ADMISSION_NAMES[AdmissionStatus.REMOVED]),
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

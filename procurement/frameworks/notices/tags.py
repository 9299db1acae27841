"""How a notice looks: the sign of its kind."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.frameworks.notices.queries import NoticeKind

KIND_TAGS: Mapping[NoticeKind, Tag] = {
    NoticeKind.CALL: Tag("info", N_("征集公告"), "megaphone"),
    NoticeKind.ADMISSION: Tag("done", N_("入围公告"), "award"),
    NoticeKind.EXIT: Tag("off", N_("退出公告"), "box-arrow-right"),
    NoticeKind.REMOVAL: Tag("need", N_("清退公告")),
    NoticeKind.QUOTATION: Tag("done", N_("比价结果"), "list-ol"),
    NoticeKind.CONTRACT: Tag("done", N_("签约公告"), "file-earmark-text"),
}

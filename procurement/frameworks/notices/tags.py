"""How a notice looks: the sign of its kind."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.frameworks.notices.queries import NoticeKind

KIND_TAGS: Mapping[NoticeKind, Tag] = {
    NoticeKind.CALL: Tag("info", N_("征集公告"), "megaphone"),
    NoticeKind.ADMISSION: Tag("done", N_("入围公告"), "award"),
    NoticeKind.FORCE: Tag("done", N_("生效公告"), "play-circle"),
    NoticeKind.SUPPLEMENT: Tag("done", N_("补充征集入围公告"), "plus-circle"),
    NoticeKind.EXIT: Tag("off", N_("退出公告"), "box-arrow-right"),
    NoticeKind.REMOVAL: Tag("need", N_("清退公告")),
    NoticeKind.EXPIRY: Tag("off", N_("到期公告"), "calendar-check"),
    NoticeKind.QUOTATION: Tag("done", N_("比价结果"), "list-ol"),
    NoticeKind.CONTRACT: Tag("done", N_("签约公告"), "file-earmark-text"),
}
SAYINGS: Mapping[NoticeKind, str] = {
    NoticeKind.CALL: N_(
        "现向社会公开征集愿意按统一标准提供下列服务的机构。有效期内随时可以申请，符合条件的都予以入围。"
    ),
    NoticeKind.ADMISSION: N_("下列机构符合入围条件，按统一标准入围。"),
    NoticeKind.FORCE: N_("入围机构已达到法定数量，框架协议自公告之日起生效，购买主体可以采购。"),
    NoticeKind.SUPPLEMENT: N_("框架协议生效以后，下列机构补充征集入围，标准和条件与首批相同。"),
    NoticeKind.EXIT: N_("下列机构自愿退出框架协议。已签订的合同继续履行。"),
    NoticeKind.REMOVAL: N_("下列机构因下述原因被清退出框架协议，不得再次入围同一框架协议。"),
    NoticeKind.EXPIRY: N_("框架协议有效期届满。已签订的合同继续履行。"),
}
"""What each notice announces."""
ARTICLES: Mapping[NoticeKind, str] = {
    NoticeKind.CALL: "第13条",
    NoticeKind.ADMISSION: "第40条",
    NoticeKind.FORCE: "第3条第3项",
    NoticeKind.SUPPLEMENT: "第40条",
    NoticeKind.EXIT: "第20条",
    NoticeKind.REMOVAL: "第19条",
    NoticeKind.EXPIRY: "第15条",
}
"""Where in 财政部令第110号 each notice has its ground."""

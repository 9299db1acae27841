"""How an invitation looks to its supplier."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.offers.submissions.queries import Outcome

OUTCOME_TAGS: Mapping[Outcome, Tag] = {
    Outcome.OPEN: Tag("need", N_("报价中")),
    Outcome.WAITING: Tag("wait", N_("已截止，待开启")),
    Outcome.OPENED: Tag("wait", N_("比价中")),
    Outcome.CHOSEN: Tag("done", N_("已选中")),
    Outcome.NOT_CHOSEN: Tag("off", N_("未选中")),
    Outcome.ENDED: Tag("off", N_("已结束")),
}

"""How no-shows and excuses are shown."""

from app.core.text import N_
from app.web.components import Tag
from volunteers.attendance.no_shows.rules import STATUS_NAMES, ExcuseStatus

EXCUSE_TAGS = {
    ExcuseStatus.STATED: Tag("wait", STATUS_NAMES[ExcuseStatus.STATED]),
    ExcuseStatus.ACCEPTED: Tag("done", STATUS_NAMES[ExcuseStatus.ACCEPTED]),
    ExcuseStatus.REFUSED: Tag("off", STATUS_NAMES[ExcuseStatus.REFUSED]),
    ExcuseStatus.WITHDRAWN: Tag("off", STATUS_NAMES[ExcuseStatus.WITHDRAWN]),
}
NO_SHOW_TAGS = {
    "standing": Tag("need", N_("未到场，计入")),
    "excused": Tag("done", N_("有原因，不计入")),
    "corrected": Tag("done", N_("已更正为到场")),
}

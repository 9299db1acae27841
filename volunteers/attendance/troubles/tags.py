"""How reports are shown."""

from app.web.components import Tag
from volunteers.attendance.troubles.rules import STATUS_NAMES, TroubleStatus

TROUBLE_TAGS = {
    TroubleStatus.OPEN: Tag("need", STATUS_NAMES[TroubleStatus.OPEN]),
    TroubleStatus.ANSWERED: Tag("done", STATUS_NAMES[TroubleStatus.ANSWERED]),
}

"""How findings are shown."""

from app.web.components import Tag
from volunteers.attendance.findings.rules import STATUS_NAMES, FindingStatus

FINDING_TAGS = {
    FindingStatus.OPEN: Tag("need", STATUS_NAMES[FindingStatus.OPEN], "search"),
    FindingStatus.DISMISSED: Tag("off", STATUS_NAMES[FindingStatus.DISMISSED]),
    FindingStatus.CONFIRMED: Tag("info", STATUS_NAMES[FindingStatus.CONFIRMED], "flag-fill"),
}

"""A group's status as a coloured word."""

from collections.abc import Mapping

from app.web.components import Tag
from volunteers.assignments.companions.rules import STATUS_NAMES, GroupStatus

GROUP_TAGS: Mapping[GroupStatus, Tag] = {
    GroupStatus.GATHERING: Tag("wait", STATUS_NAMES[GroupStatus.GATHERING]),
    GroupStatus.SEATED: Tag("done", STATUS_NAMES[GroupStatus.SEATED]),
    GroupStatus.DISSOLVED: Tag("off", STATUS_NAMES[GroupStatus.DISSOLVED]),
    GroupStatus.EXPIRED: Tag("off", STATUS_NAMES[GroupStatus.EXPIRED]),
}

"""How an incubation looks."""

from collections.abc import Mapping

from app.web.components import Tag
from marketplace.organizations.incubation.rules import STATUS_NAMES, IncubationStatus

_TONES: Mapping[IncubationStatus, tuple[str, str]] = {
    IncubationStatus.APPLIED: ("wait", ""),
    IncubationStatus.DIAGNOSIS: ("info", "clipboard2-pulse"),
    IncubationStatus.CAPACITY: ("info", "people"),
    IncubationStatus.PRACTICE: ("info", "briefcase"),
    IncubationStatus.GRADUATED: ("done", "mortarboard"),
    IncubationStatus.REFUSED: ("off", ""),
    IncubationStatus.LEFT: ("off", ""),
}
STATUS_TAGS: Mapping[IncubationStatus, Tag] = {
    status: Tag(tone, STATUS_NAMES[status], symbol) for status, (tone, symbol) in _TONES.items()
}

"""How what was seen is shown."""

from app.web.components import Tag
from volunteers.attendance.rules import OUTCOME_NAMES, Outcome

OUTCOME_TAGS = {
    Outcome.ATTENDED: Tag("done", OUTCOME_NAMES[Outcome.ATTENDED]),
    Outcome.ABSENT: Tag("need", OUTCOME_NAMES[Outcome.ABSENT]),
}

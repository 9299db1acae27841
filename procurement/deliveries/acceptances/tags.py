"""How a judgement and a rectification look."""

from collections.abc import Mapping

from app.web.components import Tag
from procurement.deliveries.acceptances.rules import OUTCOME_NAMES, RECTIFICATION_NAMES, Outcome, RectificationStatus

OUTCOME_TAGS: Mapping[Outcome, Tag] = {
    Outcome.ACCEPTED: Tag("done", OUTCOME_NAMES[Outcome.ACCEPTED]),
    Outcome.REFUSED: Tag("need", OUTCOME_NAMES[Outcome.REFUSED]),
    Outcome.RECTIFY: Tag("wait", OUTCOME_NAMES[Outcome.RECTIFY]),
}
RECTIFICATION_TAGS: Mapping[RectificationStatus, Tag] = {
    RectificationStatus.ASKED: Tag("wait", RECTIFICATION_NAMES[RectificationStatus.ASKED]),
    RectificationStatus.REPORTED: Tag("need", RECTIFICATION_NAMES[RectificationStatus.REPORTED]),
    RectificationStatus.JUDGED: Tag("off", RECTIFICATION_NAMES[RectificationStatus.JUDGED]),
}

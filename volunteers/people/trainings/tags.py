"""How trainings look."""

from app.core.text import N_
from app.web.components import Tag
from volunteers.people.trainings.rules import STATUS_NAMES, TrainingStatus

STATUS_TAGS = {
    TrainingStatus.OFFERED: Tag("info", STATUS_NAMES[TrainingStatus.OFFERED], "mortarboard"),
    TrainingStatus.ENDED: Tag("off", STATUS_NAMES[TrainingStatus.ENDED], "archive"),
}
OWN_TAGS = {
    "holds": Tag("done", N_("已完成")),
    "over": Tag("need", N_("要重新参加"), "arrow-repeat"),
    "none": Tag("wait", N_("还没参加"), "mortarboard"),
}

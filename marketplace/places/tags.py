"""How places look: the words for their levels, and the marks of those that need help first."""

from app.core.text import N_
from app.web.components import Tag
from marketplace.places.rules import Level

LEVEL_NAMES = {
    Level.CITY: N_("市"),
    Level.DISTRICT: N_("区县"),
    Level.TOWN: N_("乡镇街道"),
    Level.VILLAGE: N_("村社"),
}
RURAL_TAG = Tag("off", N_("农村"), "tree")
SHORT_TAG = Tag("wait", N_("缺律师"), "person-dash")

"""How covers and changes look: colour, icon and word."""

from app.web.components import Tag
from volunteers.dispatch.review.rules import CHANGE_NAMES, STATE_NAMES, CellState, Change

STATE_TAGS = {
    CellState.EMPTY: Tag("need", STATE_NAMES[CellState.EMPTY], "x-circle-fill"),
    CellState.SHORT: Tag("wait", STATE_NAMES[CellState.SHORT], "dash-circle"),
    CellState.ASKED: Tag("info", STATE_NAMES[CellState.ASKED], "hourglass-split"),
    CellState.FULL: Tag("done", STATE_NAMES[CellState.FULL], "check-circle-fill"),
}
CHANGE_TAGS = {
    Change.NEW: Tag("info", CHANGE_NAMES[Change.NEW], "person-plus"),
    Change.MOVED: Tag("wait", CHANGE_NAMES[Change.MOVED], "arrow-left-right"),
    Change.DROPPED: Tag("need", CHANGE_NAMES[Change.DROPPED], "person-dash"),
    Change.UNTOUCHED: Tag("off", CHANGE_NAMES[Change.UNTOUCHED], "check2"),
}

"""How changes by hand are called."""

from collections.abc import Mapping

from app.core.text import N_
from volunteers.dispatch.moves.rules import MoveKind

MOVE_NAMES: Mapping[MoveKind, str] = {
    MoveKind.PUT: N_("补上"),
    MoveKind.TAKE: N_("拿掉"),
    MoveKind.SWAP: N_("对换"),
    MoveKind.UNDO: N_("撤销"),
}

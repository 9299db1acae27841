"""When an organization is reminded that a paper ends, and what stops without it.

Without its licence or evidence its listings are suspended (条例 art. 19); without the paper for public fundraising its
funds take no gifts (慈善法 §27).
"""

from app.core.text import N_
from marketplace.organizations.provision import QualificationKind

DAYS_BEFORE = (60, 30, 7)
"""How many days before its last day: time for the renewal, then for the reminder of it, then the last call."""


def reminder(kind: QualificationKind) -> str:
    """Return what a member is told when such a paper ends."""
    if kind is QualificationKind.PUBLIC_FUNDRAISING:
        return N_("“%(organization)s”的“%(paper)s”%(until)s到期。请及时登记续期的并附上文件，否则基金不能再收捐赠。")
    return N_("“%(organization)s”的“%(paper)s”%(until)s到期。请及时登记续期的并附上文件，否则已上架的服务会暂停。")


def consequence(kind: QualificationKind) -> str:
    """Return what the workbench says of it."""
    if kind is QualificationKind.PUBLIC_FUNDRAISING:
        return N_("%(organization)s：到期前要登记续期的，否则基金不能再收捐赠")
    return N_("%(organization)s：到期前要登记续期的，否则已上架的服务会暂停")


def due(days_left: int) -> int | None:
    """Return which reminder is due with so many days left; the nearest alone, should earlier ones have been missed."""
    return min((days for days in DAYS_BEFORE if 0 <= days_left <= days), default=None)

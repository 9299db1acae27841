"""What an order asks of the people who are sent: an assignment made from the pinned product version."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.text import N_
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind, PositionDraft

KINDS_BY_UNIT = {"lecture": Kind.LECTURE, "visit": Kind.VILLAGE}
ROLE = N_("服务人员")


@dataclass(frozen=True, slots=True)
class TakenOrder:
    """A taken order with what its contract says about it."""

    reference: str
    place_id: int
    station_id: int
    wished_start: datetime
    minutes: int
    title_zh: str
    title_en: str
    note_zh: str
    category: str
    unit: str
    people: int
    credentials_any: tuple[str, ...]
    skills_all: tuple[str, ...]


def code_of(reference: str) -> str:
    """Return the code by which the assignment of an order is found again."""
    return f"order:{reference}"


def kind_of(order: TakenOrder) -> Kind:
    """Return what people are sent to do; who advises a village or mediates shows a credential."""
    kind = KINDS_BY_UNIT.get(order.unit, Kind.DELIVERY)
    if kind is Kind.VILLAGE and not order.credentials_any:
        return Kind.DELIVERY
    return kind


def draft_of(order: TakenOrder) -> AssignmentDraft:
    """Return the assignment that delivers an order.

    The contract's price pays for the work, so nobody is paid a subsidy for it as well and no volunteer hours
    are credited: what the person may get is expenses. The contract obliges the provider to insure.
    """
    return AssignmentDraft(
        kind=kind_of(order),
        title_zh=order.title_zh,
        title_en=order.title_en,
        place_id=order.place_id,
        station_id=order.station_id,
        starts=order.wished_start,
        ends=order.wished_start + timedelta(minutes=order.minutes),
        compensation=Compensation.EXPENSES,
        insured=True,
        positions=(
            PositionDraft(
                role_zh=ROLE,
                role_en="Service staff",
                capacity=order.people,
                minimum=1,
                credentials_any=order.credentials_any,
                skills_all=order.skills_all,
            ),
        ),
        parties=(code_of(order.reference),),
        briefing_zh=order.note_zh,
    )

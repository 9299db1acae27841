"""What a coordinator asks: how many people more of which kind, where and when, or longer ways for everybody."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from volunteers.dispatch.scenarios.rules import MOST_KM, MOST_PEOPLE, Levers
from volunteers.people.credentials.rules import CredentialKind


class ScenarioForm(msgspec.Struct):
    """A question about one week of a district; ``at`` is where the new people would be stationed."""

    rule: UUID
    at: Annotated[str, msgspec.Meta(pattern=r"^(\d{6}|\d{9})$", examples=["330127100"])]
    week: Annotated[date, msgspec.Meta(description="Any day of the week.", examples=["2026-11-30"])]
    people: Annotated[int, msgspec.Meta(ge=0, le=MOST_PEOPLE, examples=[2])]
    credential: CredentialKind
    weekday: (
        Annotated[int, msgspec.Meta(ge=0, le=6, description="0 is Monday; null: all week.", examples=[3])] | None
    ) = None
    radius_km: Annotated[int, msgspec.Meta(ge=0, le=MOST_KM, examples=[0])] = 0

    def levers(self) -> Levers:
        """Return what is changed."""
        return Levers(self.people, self.credential.value, self.weekday, self.radius_km)

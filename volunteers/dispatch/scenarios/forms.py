"""What a coordinator asks: how many people more of which kind, where and when, or longer ways for everybody."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from volunteers.dispatch.scenarios.rules import MOST_KM, MOST_PEOPLE, TWICE, UNCHANGED, Levers, Weight
from volunteers.people.credentials.rules import CredentialKind

DISTRICT = 6
"""How many digits the code of a district has."""


class ScenarioForm(msgspec.Struct):
    """A question about one week; ``at`` is where the new people would be stationed.

    A town or a district asks about its district; the city about all of it, its new people where most places are red.
    """

    rule: UUID
    at: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}|\d{6}|\d{9})$", examples=["330127100"])]
    week: Annotated[date, msgspec.Meta(description="Any day of the week.", examples=["2026-11-30"])]
    people: Annotated[int, msgspec.Meta(ge=0, le=MOST_PEOPLE, examples=[2])]
    credential: CredentialKind
    weekday: (
        Annotated[int, msgspec.Meta(ge=0, le=6, description="0 is Monday; null: all week.", examples=[3])] | None
    ) = None
    radius_km: Annotated[int, msgspec.Meta(ge=0, le=MOST_KM, examples=[0])] = 0
    weight: Annotated[Weight, msgspec.Meta(description="What counts more or less.", examples=["fairness"])] | None = (
        None
    )
    percent: Annotated[
        int, msgspec.Meta(ge=0, le=1000, description="Of its weight in the settings.", examples=[200])
    ] = TWICE

    @property
    def is_about_the_city(self) -> bool:
        """Tell whether all of the city is planned."""
        return len(self.at) < DISTRICT

    @property
    def area(self) -> str:
        """Return the code of what is planned: the district, or the city."""
        return self.at[:DISTRICT]

    def levers(self) -> Levers:
        """Return what is changed."""
        percent = self.percent if self.weight is not None else UNCHANGED
        return Levers(self.people, self.credential.value, self.weekday, self.radius_km, self.weight, percent)

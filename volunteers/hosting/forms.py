"""What is typed for somebody who agreed on paper, and to name a host."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from volunteers.people.rules import Corps, Gender, Profile, gender_of

Line = Annotated[str, msgspec.Meta(max_length=60)]


class HostedForm(msgspec.Struct):
    """The one form that makes a volunteer of somebody who sits beside the host."""

    organization: int
    name: Line
    id_card: Annotated[str, msgspec.Meta(max_length=18)]
    phone: Annotated[str, msgspec.Meta(max_length=20)]
    home: Line
    given_on: date
    agreed: bool = False

    def profile(self, home_code: str, notice: str) -> Profile:
        """Return the same as the service takes it."""
        return hosted_profile(self.name, self.id_card, home_code, notice)


def hosted_profile(name: str, id_card: str, home_code: str, notice: str) -> Profile:
    """Return what a host states of somebody; gender follows from the identity number."""
    number = id_card.strip().upper()
    return Profile(
        name=name,
        gender=gender_of(number) if re.fullmatch(r"\d{17}[\dX]", number) else Gender.F,
        corps=(Corps.VOLUNTEER,),
        home_place_code=home_code,
        privacy_notice=notice,
        id_card=number,
    )


class OrganizationForm(msgspec.Struct):
    """An organization by its public id."""

    organization: UUID

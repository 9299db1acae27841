"""The caller's own profile for programs; numbers only masked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.people.credentials.rules import CredentialKind, CredentialStatus, Ground
from volunteers.people.queries import CredentialView, ProfileView, profile
from volunteers.people.rules import Corps, PersonStatus
from volunteers.people.service import set_corps


class CredentialBody(msgspec.Struct):
    """A credential of the caller's."""

    kind: CredentialKind
    number: str
    valid_from: date
    valid_until: date | None
    status: CredentialStatus
    judged_by: Annotated[str, msgspec.Meta(description="Who verified or refused it.", examples=["王敏"])]
    judged_at: datetime | None
    ground: Ground | None

    @classmethod
    def of(cls, view: CredentialView) -> "CredentialBody":
        """Return what a program sees of a credential."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class WindowBody(msgspec.Struct):
    """A weekly stretch of free time; weekday 0 is Monday, minutes of Hangzhou's day."""

    weekday: Annotated[int, msgspec.Meta(ge=0, le=6, examples=[0])]
    from_minute: Annotated[int, msgspec.Meta(ge=0, le=1439, examples=[540])]
    to_minute: Annotated[int, msgspec.Meta(ge=1, le=1440, examples=[720])]


class PersonBody(msgspec.Struct):
    """The caller as a volunteer."""

    id: UUID
    name: str
    status: PersonStatus
    corps: Annotated[list[str], msgspec.Meta(examples=[["volunteer"]])]
    home_code: Annotated[str, msgspec.Meta(examples=["330106109"])]
    languages: list[str]
    skills: list[str]
    id_card: Annotated[str, msgspec.Meta(description="Masked.", examples=["3301**********0327"])]
    bank_account: Annotated[str, msgspec.Meta(description="Masked.", examples=["6222***********4567"])]
    credentials: list[CredentialBody]
    availability: list[WindowBody]

    @classmethod
    def of(cls, view: ProfileView) -> "PersonBody":
        """Return what a program sees of its owner."""
        return cls(
            view.public_id,
            view.name,
            view.status,
            list(view.corps),
            view.home_code,
            list(view.languages),
            list(view.skills),
            view.id_card_masked,
            view.bank_account_masked,
            [CredentialBody.of(credential) for credential in view.credentials],
            [WindowBody(w.weekday, w.from_minute, w.to_minute) for w in view.availability],
        )


class CorpsBody(msgspec.Struct):
    """What the caller is; at least one."""

    corps: Annotated[list[Corps], msgspec.Meta(min_length=1, examples=[["lawyer", "mediator"]])]


@get("/people/me", guards=[requires(Permission.VOLUNTEER_SELF)], summary="Show one's own profile")
async def show_me(principal: CurrentPrincipal) -> PersonBody:
    """Show who the caller is as a volunteer."""
    return PersonBody.of(await profile(principal))


@put("/people/me/corps", guards=[requires(Permission.VOLUNTEER_SELF)], summary="Say what one is")
async def put_corps(data: JSONBody[CorpsBody], principal: CurrentPrincipal) -> PersonBody:
    """Replace the corps the caller belongs to; seats still ask for verified credentials."""
    await set_corps(principal, data.corps)
    return PersonBody.of(await profile(principal))

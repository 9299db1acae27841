"""What the office fills in to pair a village, and the reasons for an end."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from volunteers.pairings.rules import MOST_REASON, PairingDraft, PairingKind

Reason = Annotated[str, msgspec.Meta(max_length=MOST_REASON)]
PlaceCode = Annotated[str, msgspec.Meta(max_length=12, examples=["330106109001"])]
Uscc = Annotated[str, msgspec.Meta(max_length=18, examples=["31330000MD0123456X"])]


class PairingForm(msgspec.Struct, kw_only=True):
    """A village, what for, a person or a firm, a term."""

    place: PlaceCode
    kind: PairingKind = PairingKind.ADVISER
    person: UUID | None = None
    organization: Uscc = ""
    from_day: date
    until_day: date
    signed: bool = False

    def draft(self, place_id: int, person_id: int | None, organization_id: int | None) -> PairingDraft:
        """Return the same as the service takes it."""
        return PairingDraft(
            *(place_id, self.kind, self.from_day, self.until_day),
            person_id=person_id,
            organization_id=organization_id,
            signed=self.signed,
        )


class ReasonForm(msgspec.Struct):
    """Why not, or why no longer."""

    reason: Reason = ""

"""What keeps a group from being signed up as a whole."""

from collections.abc import Mapping, Sequence

from app.core.errors import DomainError
from app.core.text import N_, Message
from volunteers.assignments.sign_ups.rules import Reason, SignUpRefused, listed
from volunteers.assignments.sign_ups.tags import REASON_NAMES

MOST_AT_ONCE = 50
Refused = Mapping[str, tuple[Reason, ...]]
"""Who was left out, by name, and why."""


class NobodyChosen(DomainError):
    """A group has people in it."""

    code, status, message = "nobody_chosen", 422, N_("请先勾选要报名的成员，一次最多 50 人。")


class NotOneOrganization(DomainError):
    """A group is of one organization."""

    code, status, message = "not_one_organization", 422, N_("一次只能给同一个单位的成员报名。")


class GroupDoesNotFit(DomainError):
    """All or none was asked for and somebody may not come, or nobody may; ``reasons`` says of each why."""

    code, status, message = "group_does_not_fit", 409, N_("%(names)s 报不了，所以一个都没有报。")

    def __init__(self, refused: Refused) -> None:
        """Name everybody, each with the reasons in a few words: the whole sentence is for the person alone."""
        super().__init__(names="、".join(refused))
        self.reasons: Sequence[Message] = [
            Message(
                N_("%(name)s：%(reason)s"), {"name": name, "reason": listed(REASON_NAMES[reason] for reason in why)}
            )
            for name, why in refused.items()
        ]


def reasons_of(refusal: DomainError) -> tuple[Reason, ...]:
    """Return a refusal's reasons as codes."""
    known = set(Reason)
    found = tuple(Reason(name) for name in refusal.fields if name in known)
    return found if isinstance(refusal, SignUpRefused) and found else (Reason.NOT_OPEN,)

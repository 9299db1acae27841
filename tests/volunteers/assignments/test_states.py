"""Every (status, event) of the state machines leads where the table says, and nowhere else."""

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from app.core.errors import TransitionRefused
from app.core.state import advance
from volunteers.assignments.rules import TRANSITIONS as ASSIGNMENT
from volunteers.assignments.rules import AssignmentEvent as A
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.sign_ups.rules import TRANSITIONS as SIGN_UP
from volunteers.assignments.sign_ups.rules import SignUpEvent as S
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.people.credentials.rules import TRANSITIONS as CREDENTIAL
from volunteers.people.credentials.rules import CredentialEvent as C
from volunteers.people.credentials.rules import CredentialStatus
from volunteers.people.rules import TRANSITIONS as PERSON
from volunteers.people.rules import PersonEvent as P
from volunteers.people.rules import PersonStatus

EXPECTED: list[tuple[dict[Any, Any], type[StrEnum], type[StrEnum], dict[tuple[str, StrEnum], str]]] = [
    (
        ASSIGNMENT,
        AssignmentStatus,
        A,
        {
            ("draft", A.PUBLISH): "open",
            ("draft", A.CANCEL): "cancelled",
            ("open", A.CLOSE): "closed",
            ("open", A.CANCEL): "cancelled",
            ("closed", A.REOPEN): "open",
            ("closed", A.CANCEL): "cancelled",
        },
    ),
    (
        SIGN_UP,
        SignUpStatus,
        S,
        {
            ("offered", S.ACCEPT): "confirmed",
            ("offered", S.WITHDRAW): "withdrawn",
            ("offered", S.RELEASE): "released",
            ("confirmed", S.CHECK_IN): "checked_in",
            ("confirmed", S.WITHDRAW): "withdrawn",
            ("confirmed", S.RELEASE): "released",
            ("confirmed", S.ATTEND): "completed",
            ("confirmed", S.MISS): "absent",
            ("checked_in", S.ATTEND): "completed",
            ("checked_in", S.MISS): "absent",
        },
    ),
    (
        CREDENTIAL,
        CredentialStatus,
        C,
        {
            ("claimed", C.VERIFY): "verified",
            ("claimed", C.REFUSE): "refused",
            ("verified", C.REFUSE): "refused",
        },
    ),
    (
        PERSON,
        PersonStatus,
        P,
        {
            ("active", P.PAUSE): "paused",
            ("active", P.LEAVE): "left",
            ("paused", P.RESUME): "active",
            ("paused", P.LEAVE): "left",
        },
    ),
]


@pytest.mark.parametrize(
    ("transitions", "status", "event", "target"),
    [
        pytest.param(
            transitions, status, event, expected.get((status, event)), id=f"{statuses.__name__}-{status}-{event}"
        )
        for transitions, statuses, events, expected in EXPECTED
        for status, event in product(statuses, events)
    ],
)
def test_each_status_and_event(
    transitions: dict[Any, Any], status: StrEnum, event: StrEnum, target: str | None
) -> None:
    if target is None:
        with pytest.raises(TransitionRefused):
            advance(transitions, status, event)
    else:
        assert advance(transitions, status, event) == target

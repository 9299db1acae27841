"""Recording closed cases, handing their papers in, grading them, taking a wrong record back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.attachments.service import StoredFile, attach
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.claims.cases import grading, pricing, rules
from procurement.claims.cases.rules import CaseDraft, Grade

CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "closed_case_once": rules.CaseRecorded,
    "closed_case_by_another": rules.OwnCase,
}
CHANNELS = ("page", "file", "program")
_LOCKED = """
SELECT k.id, k.reference, k.person_id, k.grade, k.withdrawn_at, place.code AS place_code, p.account_id AS provider
FROM closed_case k JOIN place ON place.id = k.place_id JOIN person p ON p.id = k.person_id
WHERE k.reference = $1 FOR NO KEY UPDATE OF k
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of drafts: references by their place in the list, and a refusal for each left out."""

    references: dict[int, str] = field(default_factory=dict)
    refused: dict[int, DomainError] = field(default_factory=dict)


async def record_case(principal: Principal, draft: CaseDraft, channel: str = "page") -> str:
    """Record a closed case; return its reference. A job makes it a claim."""
    async with transaction():
        recorded = await record_within(principal, [draft], channel)
    if recorded.refused:
        raise recorded.refused[0]
    return recorded.references[0]


async def record_within(principal: Principal, drafts: Sequence[CaseDraft], channel: str) -> Recorded:
    """Record cases in the current transaction; each is taken or refused by itself."""
    scope = principal.scope(Permission.CASE_RECORD)
    known = await _known(drafts)
    done = Recorded()
    for number, draft in enumerate(drafts):
        try:
            found = rules.faults(draft, clock.today())
            if found:
                raise InvalidInput(found)
            scope.require_place(known.places[draft.place_id])
            if known.providers[draft.person_id] == principal.account_id:
                raise rules.OwnCase
            done.references[number] = await _write(principal, draft, channel)
        except DomainError as refusal:
            done.refused[number] = refusal
    return done


async def hand_in(principal: Principal, reference: str, name_zh: str, file: StoredFile | None = None) -> None:
    """Hand in a paper that a case lacks: its provider, or an officer of the agency's place; then it is priced anew."""
    async with transaction():
        case = await _case(principal, reference, own=True)
        if name_zh not in await pricing.missing_of(case["id"]):
            raise rules.DocumentUnknown
        await _keep(principal, case["id"], name_zh, file)
        await pricing.complete(case["id"], clock.now())
        await audit.record(principal, "case.document_handed_in", "closed_case", case["id"])


async def grade_case(principal: Principal, reference: str, grade: Grade) -> None:
    """Grade a case once; what it is worth with its grade beyond the base becomes a further claim."""
    async with transaction():
        case = await _case(principal, reference)
        if case["grade"]:
            raise rules.CaseGraded
        async with database.refusing(CONSTRAINTS):
            await database.update_row(
                "closed_case",
                case["id"],
                {"grade": grade.value, "graded_by": principal.actor, "graded_at": clock.now()},
            )
        await audit.record(principal, "case.graded", "closed_case", case["id"], grade=grade.value)
        await grading.settle(principal, case["id"], clock.now())


async def withdraw_case(principal: Principal, reference: str, reason: str) -> None:
    """Take a wrong record back, while none of its claims was approved; they are rejected with the reason."""
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明理由。"))})
    async with transaction():
        case = await _case(principal, reference)
        await grading.reject_unapproved(principal, case["id"], reason.strip(), rules.CaseIsPaid)
        await database.update_row(
            "closed_case",
            case["id"],
            {"withdrawn_by": principal.actor, "withdrawn_at": clock.now(), "withdrawn_reason_zh": reason.strip()},
        )
        await audit.record(principal, "case.withdrawn", "closed_case", case["id"])


@dataclass(frozen=True, slots=True)
class _Known:
    places: dict[int, str]
    providers: dict[int, int]


async def _known(drafts: Sequence[CaseDraft]) -> _Known:
    places = await database.fetch("SELECT id, code FROM place WHERE id = ANY ($1)", [d.place_id for d in drafts])
    people = await database.fetch(
        "SELECT id, account_id FROM person WHERE id = ANY ($1)", [draft.person_id for draft in drafts]
    )
    return _Known({row["id"]: row["code"] for row in places}, {row["id"]: row["account_id"] for row in people})


async def _write(principal: Principal, draft: CaseDraft, channel: str) -> str:
    values: dict[str, Any] = {
        "kind": draft.kind.value, "agency_zh": draft.agency_zh.strip(), "matter": draft.matter.strip(),
        "referred_matter": draft.referred_matter.strip(), "item": draft.item.value, "stage": draft.stage.value,
        "class": draft.class_, "outcome": draft.outcome.value, "person_id": draft.person_id,
        "place_id": draft.place_id, "accepted_on": draft.accepted_on, "closed_on": draft.closed_on,
        "early_percent": draft.early_percent, "early_reason_zh": draft.early_reason_zh.strip(), "channel": channel,
        "recorded_by": principal.actor, "recorded_at": clock.now(),
    }  # fmt: skip
    unique = ("agency_zh", "matter", "item", "stage", "person_id")
    case_id = await database.insert_once("closed_case", values, unique, "withdrawn_at IS NULL")
    if case_id is None:
        raise rules.CaseRecorded
    for name in dict.fromkeys(name.strip() for name in draft.documents if name.strip()):
        await _keep(principal, case_id, name, None)
    await audit.record(principal, "case.recorded", "closed_case", case_id, channel=channel)
    reference: str = await database.fetch_value("SELECT reference FROM closed_case WHERE id = $1", case_id)
    return reference


async def _keep(principal: Principal, case_id: int, name_zh: str, file: StoredFile | None) -> None:
    values = {
        "closed_case_id": case_id, "name_zh": name_zh, "handed_in_by": principal.actor, "handed_in_at": clock.now(),
    }  # fmt: skip
    document_id = await database.insert_row("case_document", values)
    if file is not None:
        await attach(principal, file, "case_document", document_id)


async def _case(principal: Principal, reference: str, *, own: bool = False) -> Row:
    """Return a case, locked, that the officer's place or, where it may be, the provider's own hand covers."""
    case = await database.fetch_one(_LOCKED, reference)
    if case is None:
        raise NotFound
    if not (own and principal.signed_in and case["provider"] == principal.account_id):
        records = principal.scopes.get(Permission.CASE_RECORD)
        if records is None or not records.covers_place(case["place_code"]):
            raise NotFound
    if case["withdrawn_at"] is not None:
        raise rules.CaseWithdrawn
    return case

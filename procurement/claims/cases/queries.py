"""Reading closed cases: the list of an office, one case with its claims, and what a form's words name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.claims.cases.forms import CaseForm
from procurement.claims.cases.rules import CaseDraft, CaseKey
from procurement.claims.queries import READERS

SEPARATORS = re.compile(r"[,，、;；/\n]+")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a list shows it."""

    reference: str
    item: str
    title_zh: str
    title_en: str
    agency: str
    provider: str
    district_zh: str
    district_en: str
    closed_on: date
    grade: str
    withdrawn: bool
    missing: int
    amount_fen: int
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """A claim of a case."""

    reference: str
    part: str
    status: str
    amount_fen: int
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case with everything that was recorded, its papers and its claims."""

    row: CaseRow
    id: int
    kind: str
    matter: str
    referred_matter: str
    stage: str
    class_: str
    outcome: str
    accepted_on: date
    early_percent: int | None
    early_reason: str
    recorder: str
    recorded_at: datetime
    grader: str
    withdrawn_reason: str
    over_fen: int
    documents: tuple[str, ...]
    missing: tuple[str, ...]
    claims: tuple[CaseClaim, ...]
    own: bool
    may_record: bool


_ROW = """
k.reference, k.item, k.title_zh, k.title_en, k.agency_zh AS agency, p.name AS provider,
district.name_zh AS district_zh, district.name_en AS district_en, k.closed_on, k.grade,
k.withdrawn_at IS NOT NULL AS withdrawn,
(SELECT coalesce(max(cardinality(c.missing_documents)), 0) FROM claim c WHERE c.closed_case_id = k.id
    AND c.status = 'held') AS missing,
(SELECT coalesce(sum(c.amount_fen), 0)::bigint FROM claim c
    WHERE c.closed_case_id = k.id AND claim_lives(c.status)) AS amount_fen,
coalesce((SELECT t.label_zh FROM claim c JOIN tariff_set t ON t.id = c.tariff_set_id
          WHERE c.closed_case_id = k.id ORDER BY c.id LIMIT 1), '') AS label_zh,
coalesce((SELECT t.label_en FROM claim c JOIN tariff_set t ON t.id = c.tariff_set_id
          WHERE c.closed_case_id = k.id ORDER BY c.id LIMIT 1), '') AS label_en
"""
_SOURCE = """
closed_case k JOIN person p ON p.id = k.person_id JOIN place ON place.id = k.place_id
JOIN place district ON district.code = left(place.code, 6)
"""
_LIST = f"""
SELECT {_ROW} FROM {_SOURCE}
WHERE place.code LIKE ANY ($1) AND ($2::text IS NULL OR k.id < (SELECT id FROM closed_case WHERE reference = $2))
ORDER BY k.id DESC LIMIT $3
"""
_PAGE = f"""
SELECT {_ROW}, k.id, k.kind, k.matter, k.referred_matter, k.stage, k.class AS class_, k.outcome, k.accepted_on,
       k.early_percent, k.early_reason_zh AS early_reason, recorder.display_name AS recorder, k.recorded_at,
       coalesce(grader.display_name, '') AS grader, k.withdrawn_reason_zh AS withdrawn_reason, k.graded_fen,
       p.account_id, place.code AS place_code,
       ARRAY(SELECT name_zh FROM case_document d WHERE d.closed_case_id = k.id ORDER BY d.id) AS papers,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('reference', c.reference, 'part', c.part, 'status', c.status,
            'amount_fen', c.amount_fen, 'label_zh', coalesce(t.label_zh, ''), 'label_en', coalesce(t.label_en, ''))
            ORDER BY c.id), '[]') FROM claim c LEFT JOIN tariff_set t ON t.id = c.tariff_set_id
        WHERE c.closed_case_id = k.id)::text AS claims,
       ARRAY(SELECT unnest(c.missing_documents) FROM claim c WHERE c.closed_case_id = k.id AND c.status = 'held')
           AS lacking,
       (SELECT coalesce(sum(c.amount_fen), 0)::bigint FROM claim c WHERE c.closed_case_id = k.id
            AND (c.status IN ('approved', 'batched', 'returned_by_bank') AND c.amount_fen > 0 OR c.status = 'paid'))
           AS approved_fen
FROM {_SOURCE} JOIN account recorder ON recorder.id = k.recorded_by LEFT JOIN account grader ON grader.id = k.graded_by
WHERE k.reference = $1
"""


async def cases(principal: Principal, after: str | None, size: int) -> list[CaseRow]:
    """Return the cases of the office's places, the latest first."""
    patterns = principal.scope(Permission.CASE_RECORD).like_patterns()
    rows = await database.fetch(_LIST, patterns, after, size)
    return [_row(row) for row in rows]


async def case_page(principal: Principal, reference: str) -> CasePage:
    """Return a case to its provider, to the office of its place and to those who judge or watch its money."""
    row = await database.fetch_one(_PAGE, reference)
    if row is None:
        raise NotFound
    own = principal.signed_in and row["account_id"] == principal.account_id
    may_record = _covers(principal, row["place_code"], [Permission.CASE_RECORD])
    if not (own or may_record or _covers(principal, row["place_code"], READERS)):
        raise NotFound
    stated = (
        "id", "kind", "matter", "referred_matter", "stage", "class_", "outcome", "accepted_on", "early_percent",
        "early_reason", "recorder", "recorded_at", "grader", "withdrawn_reason",
    )  # fmt: skip
    over = 0 if row["graded_fen"] is None else max(row["approved_fen"] - row["graded_fen"], 0)
    return CasePage(
        row=_row(row), **{name: row[name] for name in stated}, over_fen=over, documents=tuple(row["papers"]),
        missing=tuple(row["lacking"]), claims=tuple(database.decoded(row["claims"], list[CaseClaim])), own=own,
        may_record=may_record and not own,
    )  # fmt: skip


async def draft_of(form: CaseForm) -> CaseDraft:
    """Return what a form states, or refuse words that name nobody or no place."""
    person_id, place_id = await named(form.licence, form.district)
    return CaseDraft(
        item=form.item, agency_zh=form.agency, matter=form.matter, person_id=person_id,
        place_id=place_id, accepted_on=form.accepted_on, closed_on=form.closed_on, stage=form.stage, class_=form.class_,
        outcome=form.outcome, referred_matter=form.referred_matter, early_percent=form.early_percent,
        early_reason_zh=form.early_reason, documents=tuple(names(form.documents)),
    )  # fmt: skip


async def named(licence: str, district: str) -> tuple[int, int]:
    """Return the person and the place that a form names, or refuse words that name nobody or no place."""
    people = await providers([licence])
    place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", district)
    wrong = {}
    if not people:
        wrong["licence"] = Message(N_("没有这个编号的已核验证件。"))
    if place_id is None:
        wrong["district"] = Message(N_("没有找到这个区县。"))
    if wrong:
        raise InvalidInput(wrong)
    return next(iter(people.values())), place_id


async def providers(licences: Sequence[str]) -> dict[str, int]:
    """Return the people behind verified licences, by number in capitals."""
    rows = await database.fetch(
        """SELECT number, person_id FROM credential
           WHERE upper(number) = ANY ($1) AND verified_at IS NOT NULL ORDER BY id""",
        [licence.strip().upper() for licence in licences],
    )
    return {row["number"].upper(): row["person_id"] for row in rows}


async def recorded_among(keys: Sequence[CaseKey]) -> set[CaseKey]:
    """Return which of these cases are recorded already, withdrawn records aside."""
    rows = await database.fetch(
        """SELECT agency_zh, matter, item, stage, person_id FROM closed_case
           WHERE withdrawn_at IS NULL AND matter = ANY ($1)""",
        [matter for _, matter, *_ in keys],
    )
    return set(keys) & {tuple(row.values()) for row in rows}


def names(text: str) -> list[str]:
    """Return the papers written in one line."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def _covers(principal: Principal, code: str, permissions: Sequence[Permission]) -> bool:
    return any(one in principal.scopes and principal.scopes[one].covers_place(code) for one in permissions)


def _row(row: database.Row) -> CaseRow:
    return CaseRow(**{name: row[name] for name in CaseRow.__slots__})

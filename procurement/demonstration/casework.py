"""Some closed cases for the demonstration: mediations, one lacking a paper, one graded, one graded down when paid."""

from datetime import timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.claims import accrual
from procurement.claims.cases.rules import CaseDraft, CaseItem, Grade, Outcome
from procurement.claims.cases.service import grade_case, record_case
from procurement.claims.service import approve_claims
from procurement.demonstration.invention import vocabulary

PROVIDERS = """
SELECT p.id, district.id AS place_id, district.name_zh FROM person p JOIN place home ON home.id = p.home_place_id
JOIN place district ON district.code = left(home.code, 6)
WHERE NOT p.public_official AND p.bank_account_sealed IS NOT NULL
  AND EXISTS (SELECT FROM credential c WHERE c.person_id = p.id AND c.verified_at IS NOT NULL)
ORDER BY p.id LIMIT 7
"""
LENGTHS = (21, 34, 40, 55, 63, 70)
_DEDUCTIONS = "SELECT id FROM claim WHERE part = 'deduction' AND status = 'accrued' ORDER BY id"


async def record_first(officers: dict[Role, Principal]) -> int:
    """Record the last provider's case in the week itself, so that it is paid with it; return how many."""
    if await database.fetch_value("SELECT count(*) FROM closed_case"):
        return 0
    *_, last = await database.fetch(PROVIDERS) or [None]
    if last is None:
        return 0
    await record_case(officers[Role.COORDINATOR], _draft(len(LENGTHS), last))
    return 1


async def record_cases(officers: dict[Role, Principal]) -> int:
    """Record a case for each of the first providers, once, and grade down what was paid already; return how many."""
    known = await database.fetch("SELECT reference FROM closed_case ORDER BY id LIMIT 2")
    if len(known) > 1:
        return 0
    recorder = officers[Role.COORDINATOR]
    rows = (await database.fetch(PROVIDERS))[: len(LENGTHS)]
    references = [await record_case(recorder, _draft(number, row)) for number, row in enumerate(rows)]
    if references:
        await grade_case(recorder, references[-1], Grade.EXCELLENT)
    for paid in known:
        await grade_case(recorder, paid["reference"], Grade.UNQUALIFIED)
    await accrual.accrue(clock.now())  # their claims wait at the desk
    deductions = await database.fetch(_DEDUCTIONS)
    if deductions:
        await approve_claims(officers[Role.CLAIMS_OFFICER], [row["id"] for row in deductions])
    return len(references)


def _draft(number: int, row: database.Row) -> CaseDraft:
    words, closed = vocabulary(), clock.today() - timedelta(days=1)
    accepted = closed - timedelta(days=LENGTHS[number % len(LENGTHS)])
    matter = f"{words['matter']}{closed.year}-{number + 1:03d}"
    papers = tuple(words["mediation_papers"])
    return CaseDraft(
        CaseItem.MEDIATION, row["name_zh"] + words["mediation_committee"], matter, row["id"], row["place_id"], accepted,
        closed, class_="ordinary", outcome=Outcome.AGREED_WRITTEN, documents=papers[:-1] if number == 0 else papers,
    )  # fmt: skip

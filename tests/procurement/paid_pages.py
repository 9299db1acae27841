"""Claims of every kind at every station, paid, returned and deducted, with who looks at them: for tests of pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.attachments.service import keep
from app.core import clock, database, vault
from app.core.access import Permission, Principal
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import service as cases
from procurement.claims.cases.rules import Grade
from procurement.claims.disputes.service import raise_dispute
from procurement.claims.expenses import service as expenses
from procurement.claims.expenses.rules import ExpenseDraft, ExpenseKind
from procurement.claims.posts import service as posts
from procurement.claims.posts.rules import PostDraft
from procurement.demonstration.paying import approve_looked_through
from procurement.settlement import payout, service
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work

PERIOD = (date(2026, 1, 1), date(2027, 1, 1))
PEOPLE = 12
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Readers:
    """Who looks; ``anybody`` is signed out."""

    payee: Principal
    claims: Principal
    recorder: Principal
    clerk: Principal
    approver: Principal
    cashier: Principal
    supervisor: Principal


@dataclass(frozen=True)
class Paid:
    """The readers and what the pages are about, by name; the paths that each of them reads."""

    readers: Readers
    things: Mapping[str, str]

    def paths(self) -> Mapping[str, Sequence[str]]:
        """Return the addresses by reader; the empty name stands for nobody signed in."""
        return {who: [path.format(**self.things) for path in paths] for who, paths in _PATHS.items()}


_CLAIMS = tuple(f"/claims/{{{kind}}}" for kind in ("shift", "case_paid", "deduction", "expense", "month", "waiting"))
_PATHS = {
    "": ("/disclosure", "/disclosure/districts/330102", "/tariffs", "/tariffs/{tariff}"),
    "payee": (
        "/my/claims", "/my/expenses/new", "/my/statements/{payee}", "/cases/{case}", *_CLAIMS,
    ),
    "claims": (
        "/claims", "/claims?status=all", "/claims?status=approved", "/claims?status=held", "/claims/doubles",
        "/claims/payees", "/claims/approval?everything=on&status=accrued", *_CLAIMS,
    ),
    "recorder": ("/cases", "/cases/new", "/cases/{case}", "/cases/{held}", "/mediator-posts"),
    "clerk": (
        "/settlement", "/settlement/new",
        "/settlement/new?place=330102&period_from=2026-01-01&period_to=2026-12-31&cap_fen=300",
        "/settlement/{computed}",
    ),
    "approver": ("/settlement/{computed}", "/settlement/layouts", "/settlement/layouts/new"),
    "cashier": (
        "/settlement/{paid}", "/settlement/{paid}/lines/2/return", "/settlement/{paid}/reconciliation",
        "/settlement/{paid}/return-file", "/settlement/reconciliation", "/taxes", "/taxes/330102/{month_now}",
        "/taxes/exempt/{year}",
    ),
    "supervisor": (
        "/settlement", "/settlement/{paid}", "/settlement/ageing", "/settlement/payees/{payee}", "/ledger",
        "/ledger?month={month_now}-01", "/ledger/accounts/treasury:330102", "/ledger/accounts/clearing:{paid}",
        "/taxes", *_CLAIMS,
    ),
}  # fmt: skip


async def paid() -> Paid:
    """Work, close cases, spend and serve; approve, pay and return; grade down; leave something at every station."""
    made = await world.office()
    provider = await world.licensed("沈一诺", "M1")
    me = await world.self_of(provider)
    people = [await work.person(f"志愿者 {number}") for number in range(PEOPLE)]
    case = await cases.record_case(made.recorder, world.civil(made, provider))
    for person in (provider, *people):
        for day in (10, 12):
            await work.attended(person, day=work.DAY.replace(day=day))
    spent = ExpenseDraft(ExpenseKind.TRAVEL, clock.today(), 4_600, "到桐庐值班")
    await expenses.hand_in(me, spent, [await keep("taxi.png", PNG + b"taxi")])
    first_day = clock.today().replace(month=1, day=1)
    await posts.record_post(
        made.recorder, PostDraft(provider, made.place, "清波街道人民调解委员会", "清街聘〔2026〕3号", 30_000, first_day)
    )
    await accrual.accrue(clock.now())
    await approve_looked_through(made.desk.claims, await settled_work.claim_ids())
    batch = await service.compute_batch(made.desk.clerk, work.DISTRICT, *PERIOD, "first")
    await payout.approve_batch(made.desk.approver, batch.id)
    await payout.pay_batch(made.desk.cashier, batch.id)
    await record_return(made.desk.cashier, batch.id, BankReturn(PEOPLE, "账号与户名不符", clock.today(), "TH-1"))
    await cases.grade_case(made.recorder, case, Grade.UNQUALIFIED)
    computed = await _more(made, provider, people)
    return Paid(await _readers(made, me), await _things(provider, case, batch, computed))


async def _more(made: world.Office, provider: int, people: Sequence[int]) -> service.Batch:
    """Put some later work into a batch that waits, leave some approved and barred, and some to be judged."""
    for person in (provider, *people):
        await work.attended(person, day=work.DAY.replace(day=14))
    await accrual.accrue(clock.now())
    waiting = await database.fetch("SELECT id FROM claim WHERE status = 'accrued' AND amount_fen > 0")
    await approve_looked_through(made.desk.claims, [row["id"] for row in waiting])
    await database.execute(
        "UPDATE person SET bank_account_digest = $2 WHERE id = ANY ($1)", list(people[:4]), vault.digest("bank/1")
    )
    computed = await service.compute_batch(made.desk.clerk, work.DISTRICT, *PERIOD, "second", 125_000)
    for person in (provider, *people):
        for day in (16, 18):
            await work.attended(person, day=work.DAY.replace(day=day))
    await cases.record_case(made.recorder, world.mediation(made, provider, documents=("登记",)))
    other = await world.licensed("陈建国", "M2")
    for person, agency in ((provider, "清波街道人民调解委员会"), (other, "湖滨街道人民调解委员会")):
        await cases.record_case(made.recorder, world.mediation(made, person, matter="40号", agency_zh=agency))
    await accrual.accrue(clock.now())
    mine = await database.fetch(
        "SELECT id, reference FROM claim WHERE person_id = $1 AND status = 'accrued' AND sign_up_id IS NOT NULL",
        provider,
    )
    await claims.return_claim(made.desk.claims, mine[0]["id"], "签到时间与站点记录不一致")
    await raise_dispute(await world.self_of(provider), mine[1]["reference"], "金额不对")
    return computed


async def _readers(made: world.Office, me: Principal) -> Readers:
    desk = made.desk
    supervisor = await work.officer("supervisor", Permission.LEDGER_READ)
    return Readers(me, desk.claims, made.recorder, desk.clerk, desk.approver, desk.cashier, supervisor)


async def _things(provider: int, case: str, batch: service.Batch, computed: service.Batch) -> Mapping[str, str]:
    of = "SELECT min(reference) FROM claim WHERE person_id = $1 AND "
    wheres = {
        "shift": "sign_up_id IS NOT NULL AND status = 'paid'", "case_paid": "part = 'base' AND status = 'paid'",
        "deduction": "part = 'deduction'", "expense": "expense_id IS NOT NULL",
        "month": "mediator_post_id IS NOT NULL", "waiting": "status = 'accrued' AND sign_up_id IS NOT NULL",
    }  # fmt: skip
    found = {name: await database.fetch_value(of + where, provider) for name, where in wheres.items()}
    held = "SELECT k.reference FROM closed_case k JOIN claim c ON c.closed_case_id = k.id WHERE c.status = 'held'"
    return {
        **found, "case": case, "held": await database.fetch_value(held), "paid": batch.reference,
        "computed": computed.reference, "month_now": f"{clock.today():%Y-%m}", "year": f"{clock.today().year}",
        "payee": str(await database.fetch_value("SELECT public_id FROM person WHERE id = $1", provider)),
        "tariff": await database.fetch_value("SELECT left(encode(body_sha256, 'hex'), 16) FROM tariff_set"),
    }  # fmt: skip

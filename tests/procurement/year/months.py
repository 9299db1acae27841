"""A month of buying: purchases asked for, contracts signed, villages served, what was served judged."""

from collections.abc import Sequence
from datetime import timedelta

from app.core import clock, database
from app.core.access import Principal
from procurement.contracts import service as contracts
from procurement.deliveries import service as deliveries
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.answering.rules import OrderAnswer, Refusal
from procurement.deliveries.rules import Finding
from procurement.deliveries.scheduling.service import note_deliveries
from procurement.payments.rules import PaymentTerms
from procurement.purchases import service as purchases
from procurement.purchases.service import PurchaseDecision, PurchaseRequest
from tests.procurement import buying
from tests.procurement.year.stage import Year, by_provider, provider_of

TERMS = (PaymentTerms(), PaymentTerms(), PaymentTerms(30), PaymentTerms(30, (50, 100)), PaymentTerms(0, (40, 100)))


async def buy(here: Year, month: int, count: int, *, last: bool) -> list[int]:
    """Ask, decide, offer and sign a month's purchases; return the contracts that bind."""
    cast, codes = here.cast, sorted(here.lines)
    asked = []
    for _ in range(count):
        code = codes[here.made % len(codes)]
        here.made += 1
        quantity = here.draw.choice((1, 2, 2, 3, 3, 4, 5, 10))
        asked.append(
            PurchaseRequest(here.draw.choice(here.admissions), here.lines[code], code, quantity, "村社普法讲座")
        )
    with clock.travelled_to(here.day(month, 3)):
        every = await purchases.request_purchases(cast.officer, asked)
    with clock.travelled_to(here.day(month, 4)):
        refused = here.some(0.05, every)
        left = here.some(0.1 if last else 0.01, every)
        decided = [one for one in every if one not in left or one in refused]
        await purchases.decide_purchases(
            cast.approver, [PurchaseDecision(one, one not in refused, "没有需求") for one in decided]
        )
        approved = [one for one in decided if one not in refused]
        cancelled = here.some(0.02, approved)
        for one in cancelled:
            await purchases.cancel_purchase(cast.officer, one, "计划有变")
    with clock.travelled_to(here.day(month, 5)):
        waiting = here.some(0.05 if last else 0.01, approved)
        rest = [one for one in approved if one not in cancelled and one not in waiting]
        starts = clock.today()
        offers = [
            contracts.ContractOffer(one, starts, starts + timedelta(days=here.draw.choice((35, 35, 60, 300))),
                                    here.draw.choice(TERMS))
            for one in rest
        ]  # fmt: skip
        offered = await contracts.offer_contracts(cast.officer, offers)
        declined = here.some(0.02, offered)
        for one in declined:
            await contracts.decline_contract(await provider_of(here, one), one, "人手不够")
        unsigned = here.some(0.05 if last else 0.005, offered)
        signed = [one for one in offered if one not in declined and one not in unsigned]
        await by_provider(here, "contract", signed, contracts.sign_contracts)
    return signed


async def deliver(here: Year, month: int, signed: Sequence[int]) -> None:
    """Let villages order, providers answer and come, and the acceptor judge what was delivered."""
    cast = here.cast
    rows = await database.fetch(
        """SELECT c.id, c.quantity, place.code FROM contract c JOIN purchase p ON p.id = c.purchase_id
           JOIN place ON place.id = p.place_id WHERE c.id = ANY($1) ORDER BY c.id""",
        list(signed),
    )
    wishes = [
        deliveries.NewOrder(row["id"], here.draw.choice(here.villages[row["code"]]),
                            here.day(month, here.draw.randrange(12, 28), here.draw.randrange(8, 17)))
        for row in rows
        for _ in range(row["quantity"] if here.draw.random() < 0.6 else here.draw.randrange(row["quantity"] + 1))
    ]  # fmt: skip
    with clock.travelled_to(here.day(month, 6)):
        placed = await deliveries.place_orders(cast.clerk, wishes)
        for one in here.some(0.01, placed):
            await deliveries.cancel_order(cast.clerk, one, "时间不合适")
        silent = here.some(0.01, placed)
        rows = await database.fetch("SELECT id FROM village_order WHERE status = 'placed' ORDER BY id")
        answered = [row["id"] for row in rows if row["id"] not in silent]
        turned = set(here.some(0.06, answered))

        async def answer(provider: Principal, ids: Sequence[int]) -> None:
            answers = [OrderAnswer(one, take=True) if one not in turned else _no(one) for one in ids]
            await deliveries.answer_orders(provider, answers)

        await by_provider(here, "village_order", answered, answer)
    with clock.travelled_to(here.day(month, 28, 20)):
        came = [one for one in answered if one not in turned and here.draw.random() < 0.95]
        # How somebody comes to have come is proved elsewhere.
        await database.execute("UPDATE village_order SET status = 'delivered' WHERE id = ANY($1)", came)
        await note_deliveries(clock.now())
        await buying.proven(came)
        await _judge(here, came)


def _no(order: int) -> OrderAnswer:
    return OrderAnswer(order, take=False, refusal=Refusal.NO_PEOPLE)


async def _judge(here: Year, came: Sequence[int]) -> None:
    draw, verdicts, back = here.draw, [], []
    due = clock.today() + timedelta(days=2)
    for one in came:
        chance, people = draw.random(), draw.randrange(8, 90)
        if chance < 0.88:
            verdicts.append(Verdict(one, Finding(True, people, draw.choice((3, 4, 5)), "讲得清楚")))
        elif chance < 0.93:
            verdicts.append(Verdict(one, Finding(False, people, 1, "没有按要求做")))
        elif chance < 0.96:
            verdicts.append(Verdict(one, Finding(False, people, 2, "人数不够", (), due)))
            back.append(one)
    await accept_deliveries(here.cast.acceptor, verdicts)
    rows = await database.fetch(
        """SELECT o.id, o.reference, c.organization_id FROM village_order o JOIN contract c ON c.id = o.contract_id
           WHERE o.id = ANY($1) ORDER BY o.id""",
        back,
    )
    mended = [row for row in rows if draw.random() < 0.7]
    for row in mended:
        await report_put_right(here.cast.providers[row["organization_id"]], row["reference"], "补讲了一场")
    again = [Verdict(row["id"], Finding(True, 30, 4, "整改到位")) for row in mended]
    if again:
        await accept_deliveries(here.cast.acceptor, again)

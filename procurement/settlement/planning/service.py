"""Planning the runs of a month, and telling those whom a run leaves out.

法律援助法 §52: subsidies are paid promptly; a run is planned for every district that owes something when a month ends.
"""

from datetime import datetime, timedelta

from app.core import audit, clock, database
from app.core.access import Role, system_principal
from app.core.audit import Entry
from app.core.database import transaction
from app.core.money import yuan
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from procurement.settlement.rules import LeftOut

LEFT_OUT_TEXTS = {
    LeftOut.SHORT_OF_MONEY: N_(
        "这一批次的可用额度不够：你有 %(count)s 件申领（共 %(total)s）没有列入，先通过的先付，"
        "最前的一件排在第 %(line)s 位，额度到位后优先付款。"
    ),
    LeftOut.ACCOUNT_RETURNED: N_(
        "你有 %(count)s 件申领（共 %(total)s）没有列入这一批次：收款账户曾被银行退回。更正账户后列入下一批次。"
    ),
    LeftOut.CHALLENGED: N_(
        "有 %(count)s 件申领（共 %(total)s）没有列入这一批次：所属采购正在处理质疑或投诉，处理完后再付。"
    ),
    LeftOut.DISPUTED: N_(
        "你有 %(count)s 件申领（共 %(total)s）没有列入这一批次：你提出的异议还没有答复，答复后列入下一批次。"
    ),
    LeftOut.OFFICIAL: N_(
        "你有 %(count)s 件申领（共 %(total)s）没有列入这一批次：你登记为公职人员（财行〔2007〕179号），"
        "核查后列入下一批次。"
    ),
    LeftOut.SHARED_ACCOUNT: N_(
        "你有 %(count)s 件申领（共 %(total)s）没有列入这一批次：收款账号与另一个人相同，核查后列入下一批次。"
    ),
    LeftOut.NOTHING_TO_DEDUCT_FROM: N_(
        "多付的补贴（%(total)s）这一批次没有扣：同一项目里没有足够的补贴可以扣，从下一次付款里扣。不再有付款的，可以把钱退回，由区县财务登记。"
    ),
    LeftOut.REPAID: N_("多付的补贴（%(total)s）这一批次没有扣：你退回的现金已经登记，等第二人确认。"),
    LeftOut.IN_QUESTION: N_(
        "你有 %(count)s 件申领（共 %(total)s）没有列入这一批次：收款人身份或金额有疑问，核实后列入下一批次。"
    ),
}


async def plan_runs(now: datetime) -> int:
    """Plan a run over the month that has ended for each district with approved, unpaid claims; return how many are new.

    A run begins with the oldest work that waits, so that what was approved late is not forgotten. Doing it again for
    the same month plans nothing again.
    """
    period_to = clock.local(now).date().replace(day=1)
    month = (period_to - timedelta(days=1)).replace(day=1)
    async with transaction():
        planned = await database.fetch(_PLAN, month, period_to, now)
        ids = [row["id"] for row in planned]
        told = await database.fetch(_CLERKS, ids, Role.SETTLEMENT_CLERK.value, now)
        text = N_("%(place)s 的结算已排定，请预览后生成批次。")
        await notify_many(
            [Notice(row["account_id"], text, {"place": row["name_zh"]}, link="/settlement") for row in told]
        )
        await audit.record_many(
            system_principal(), [Entry("settlement.planned", "settlement_plan", one, {}) for one in ids]
        )
    return len(planned)


async def tell_left_out(batch_id: int) -> None:
    """Write to every payee whom an approved run leaves out: how much, why, and what happens next."""
    notices = [
        Notice(
            row["account_id"],
            LEFT_OUT_TEXTS[LeftOut(row["reason"])],
            {"count": row["claims"], "total": yuan(abs(row["total_fen"])), "line": row["line"]},
            link=row["link"],
            once_key=f"left-out:{batch_id}:{row['reason']}:{row['account_id']}",
        )
        for row in await database.fetch(_LEFT_OUT, batch_id)
    ]
    if notices:
        await notify_many(notices)


_PLAN = """
INSERT INTO settlement_plan (place_id, month, period_from, period_to, idempotency_key, planned_at)
SELECT district.id, $1, date_trunc('month', min(c.service_day))::date, $2::date,
       'plan:' || district.code || ':' || to_char($1::date, 'YYYY-MM'), $3
FROM waiting_claim c JOIN place district ON district.code = left(c.place_code, 6)
WHERE c.amount_fen > 0 AND c.service_day < $2
GROUP BY district.id ORDER BY district.id
ON CONFLICT ON CONSTRAINT settlement_plan_once DO NOTHING RETURNING id
"""
_CLERKS = """
SELECT DISTINCT m.account_id, place.name_zh FROM settlement_plan p JOIN place ON place.id = p.place_id
JOIN membership m ON m.role = $2 AND starts_with(place.code, m.place_code)
 AND m.valid_from <= $3 AND (m.valid_until IS NULL OR m.valid_until > $3)
WHERE p.id = ANY($1) ORDER BY m.account_id
"""
_LEFT_OUT = """
SELECT told.account_id, told.link, x.reason, count(*) AS claims, sum(x.amount_fen)::bigint AS total_fen,
       min(x.line_number) AS line
FROM settlement_left_out x JOIN claim c ON c.id = x.claim_id
JOIN LATERAL (
    SELECT person.account_id, '/my/claims' AS link FROM person WHERE person.id = c.person_id
    UNION ALL
    SELECT m.account_id, '/my/claims' FROM membership m
    WHERE m.organization_id = c.organization_id AND m.role = 'provider' AND m.valid_from <= now()
      AND (m.valid_until IS NULL OR m.valid_until > now())) AS told ON true
WHERE x.batch_id = $1 GROUP BY told.account_id, told.link, x.reason ORDER BY told.account_id, x.reason
"""

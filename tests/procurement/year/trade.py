"""What the pages of purchases, contracts, deliveries and payments must say, from orders, judgements and claims."""

from collections.abc import Callable
from typing import Any

from app.core import database
from tests.procurement.year.asking import (
    Asked,
    Figure,
    Pick,
    by_reference,
    cells,
    fact,
    large,
    meter,
    part_of_bars,
    words,
)
from tests.procurement.year.reading import Page, fen, whole
from tests.procurement.year.stage import Year

ENDED = "('closed', 'refused', 'cancelled', 'terminated')"
GROUPS = {
    "open": f"p.status NOT IN {ENDED}",
    "choosing": """(p.method = 'quotation' AND p.status IN ('reserved', 'quotations_sealed', 'opened')
        OR p.method = 'tender' AND p.status IN ('intent', 'reserved', 'requirement_reviewed', 'plan_filed',
                                                'method_set', 'noticed', 'sealed', 'opened', 'awarded'))""",
    "waiting": """(p.method = 'call_off' AND p.status = 'reserved' OR p.method = 'quotation' AND p.status = 'compared'
        OR p.method = 'tender' AND p.status = 'evaluated')""",
    "approved": "p.status IN ('approved', 'result_published')",
    "signing": "p.status = 'ordered'",
    "delivering": "p.status IN ('contracted', 'contract_published', 'delivering')",
    "closing": "p.status IN ('accepted', 'paid', 'rated')",
    "ended": "p.status IN ('closed', 'refused', 'cancelled', 'terminated')",
}
GROUP_NAMES = {
    "open": "进行中", "choosing": "选供应商", "waiting": "待审批", "approved": "待发合同", "signing": "待签约",
    "delivering": "履约中", "closing": "待结项", "ended": "已结束",
}  # fmt: skip
CONTRACTS = """
WITH deal AS (
    SELECT c.id, c.reference, p.reference AS purchase, p.status, c.unit_price_fen AS price, c.signed_at, c.offered_at,
           p.quantity AS asked, place.code,
           c.quantity + coalesce((SELECT sum(added) FROM contract_amendment a
                                  WHERE a.contract_id = c.id AND a.status = 'in_force'), 0)::integer AS units,
           (SELECT count(*) FROM village_order o WHERE o.contract_id = c.id
            AND o.status NOT IN ('declined', 'cancelled')) AS ordered,
           (SELECT count(*) FROM judgement j JOIN village_order o ON o.id = j.village_order_id
            WHERE o.contract_id = c.id AND j.verdict = 'accepted') AS accepted
    FROM purchase p JOIN place ON place.id = p.place_id LEFT JOIN contract c ON c.purchase_id = p.id),
served AS (
    SELECT o.contract_id, count(*) AS units, sum(o.minutes) AS minutes,
           count(j.id) FILTER (WHERE j.verdict = 'accepted') AS accepted, coalesce(sum(j.people_reached), 0) AS reached,
           sum((SELECT people FROM service_log g WHERE g.village_order_id = o.id ORDER BY id DESC LIMIT 1)) AS present
    FROM village_order o LEFT JOIN judgement j ON j.village_order_id = o.id AND j.verdict <> 'rectify'
    WHERE o.status IN ('delivered', 'accepted', 'refused') GROUP BY 1),
money AS (
    SELECT d.*, (SELECT coalesce(sum(k.amount_fen), 0) FROM claim k WHERE k.contract_id = d.id AND k.status = 'paid')
               - coalesce((SELECT amount_fen FROM advance_return r WHERE r.contract_id = d.id), 0) AS paid,
           (SELECT coalesce(sum(amount_fen), 0) FROM claim k WHERE k.contract_id = d.id AND k.status = 'batched')
               AS batched,
           (SELECT coalesce(sum(amount_fen), 0) FROM claim k WHERE k.contract_id = d.id AND k.status = 'approved')
               AS approved,
           (SELECT coalesce(sum(amount_fen), 0) FROM claim k WHERE k.contract_id = d.id
            AND k.status IN ('accrued', 'returned')) AS claimed,
           (SELECT coalesce(sum(offset_fen), 0) FROM unit_payment u WHERE u.contract_id = d.id) AS offset_fen,
           (SELECT count(*) FROM unit_payment u WHERE u.contract_id = d.id) AS carried,
           coalesce((SELECT sum(k.amount_fen) FROM claim k WHERE k.contract_id = d.id AND k.item = 'advance'
                     AND k.status <> 'rejected'), 0) AS advance
    FROM deal d WHERE d.id IS NOT NULL),
coming AS (
    SELECT money.*, accepted - carried AS loose,
           CASE WHEN units > carried THEN (advance - offset_fen)::bigint / (units - carried) ELSE 0 END AS share,
           CASE WHEN units > carried THEN (advance - offset_fen)::bigint % (units - carried) ELSE 0 END AS over
    FROM money),
bar AS (
    SELECT coming.*, loose * price - CASE WHEN advance > offset_fen THEN loose * share + least(loose, over) ELSE 0 END
           AS brings FROM coming)
"""
PARTS = {
    "": "units::bigint * price",
    "已付": "paid",
    "结算中": "batched",
    "已审核": "approved",
    "待审核": "claimed",
    "已验收，未申领": "brings",
    "未完成": "greatest(0, units::bigint * price - paid - batched - approved - claimed - brings)",
}


def lists() -> list[Asked]:
    """Return the lists, each to its end."""
    purchases = [
        Asked(f"/buying/purchases?group={group}", "supervisor", [
            Figure(f"{group} amount", cells(GROUP_NAMES[group], "金额", key=by_reference),
                   f"SELECT reference AS key, quantity * unit_price_fen AS value FROM purchase p WHERE {which}"),
            Figure(f"{group} quantity", cells(GROUP_NAMES[group], "数量", whole, by_reference),
                   f"SELECT reference AS key, quantity AS value FROM purchase p WHERE {which}"),
        ], to_the_end=True)
        for group, which in GROUPS.items()
    ]  # fmt: skip
    signed = f"{CONTRACTS} SELECT reference AS key, {{}} AS value FROM deal WHERE signed_at IS NOT NULL"
    contracts = [
        Figure(
            "contract amount", cells("已签订的合同", "金额", key=by_reference), signed.format("units::bigint * price")
        ),
        Figure("contract quantity", cells("已签订的合同", "数量", whole, by_reference), signed.format("units")),
    ]
    judged = """SELECT o.reference AS key, {} AS value FROM village_order o
                JOIN judgement j ON j.village_order_id = o.id AND j.verdict <> 'rectify'"""
    met = """(SELECT count(*) FILTER (WHERE met) || '/' || count(*) FROM line_judgement x
              WHERE x.judgement_id = j.id)"""
    results = [
        Figure("people reached", _results("服务人数", whole), judged.format("j.people_reached")),
        Figure("rating", _results("评分", whole), judged.format("j.rating")),
        Figure("lines met", _results("逐条", words), judged.format(met)),
        Figure("opinions", _results("群众评价", whole), judged.format("0")),
    ]
    return [
        *purchases,
        Asked("/contracts", "", contracts, to_the_end=True),
        Asked("/acceptances", "", results, to_the_end=True),
    ]


WAITING = """
waiting AS (
    SELECT contract_id, accrued_at AS since, 0 AS turn FROM claim WHERE status = 'accrued'
    UNION ALL SELECT contract_id, approved_at, 0 FROM claim WHERE status = 'approved'
    UNION ALL SELECT k.contract_id, max(e.occurred_at), 0 FROM claim k JOIN audit_event e ON e.object_type = 'claim'
        AND e.object_id = k.id AND e.action = 'claim.returned' WHERE k.status = 'returned' GROUP BY k.id
    UNION ALL SELECT k.contract_id, coalesce(b.approved_at, b.computed_at), 0 FROM claim k
        JOIN settlement_item i ON i.claim_id = k.id AND i.live JOIN settlement_batch b ON b.id = i.batch_id
        WHERE k.status = 'batched'
    UNION ALL SELECT contract_id, coalesce(
            (SELECT j.judged_at FROM rectification t JOIN judgement j ON j.id = t.judgement_id
             WHERE t.village_order_id = o.id AND t.status = 'asked'), wished_start + minutes * interval '1 minute'), 0
        FROM village_order o WHERE status = 'delivered'
    UNION ALL SELECT contract_id, placed_at, 1 FROM village_order WHERE status = 'placed'
    UNION ALL SELECT contract_id, wished_start, 2 FROM village_order WHERE status IN ('taken', 'scheduled')
    UNION ALL SELECT id, offered_at, 0 FROM deal WHERE status = 'ordered'),
longest AS (
    SELECT contract_id AS id, min(since) AS since FROM (
        SELECT *, min(turn) OVER (PARTITION BY contract_id) AS first FROM waiting) AS w
    WHERE turn = first GROUP BY contract_id ORDER BY since, contract_id LIMIT 50)
"""


def purchase(reference: str) -> Asked:
    """Return the page of one purchase."""
    one = f"{CONTRACTS} SELECT '' AS key, {{}} AS value FROM deal WHERE purchase = $1"
    bars = f"""{CONTRACTS} SELECT key, value FROM deal, LATERAL (VALUES ('part', coalesce({{}}, 0)),
               ('whole', coalesce(units, 0))) AS v (key, value) WHERE purchase = $1"""
    return Asked(f"/buying/purchases/{reference}", "supervisor", [
        Figure("purchase amount", fact("金额"), "SELECT '' AS key, quantity * unit_price_fen AS value "
               "FROM purchase WHERE reference = $1", (reference,)),
        Figure("purchase quantity", fact("数量", whole), one.format("asked"), (reference,)),
        *(Figure(f"purchase {name}", meter(name), _of_signed(bars, column), (reference,))
          for name, column in {"已点单": "ordered", "已验收": "accepted"}.items()),
    ], also=("officer", "approver", "acceptor"))  # fmt: skip


def offered(reference: str, organization: int) -> Asked:
    """Return the page of a contract under which nothing was delivered yet."""
    one = f"{CONTRACTS} SELECT {{}} AS key, {{}} AS value FROM bar WHERE reference = $1"
    price = Figure("offered price", fact("总价"), one.format("''", PARTS[""]), (reference,))
    parts = [
        Figure(f"offered {name or 'whole'}", part_of_bars(name), one.format("reference", column), (reference,))
        for name, column in PARTS.items()
    ]
    return Asked(f"/contracts/{reference}", "supervisor", [price, *parts], also=("officer", f"provider {organization}"))


def contract(reference: str, organization: int) -> list[Asked]:
    """Return the pages of one contract: its terms, its workload, its closing file."""
    one = f"{CONTRACTS} SELECT '' AS key, {{}} AS value FROM bar WHERE reference = $1"
    bars = f"""{CONTRACTS} SELECT key, value FROM deal, LATERAL (VALUES ('part', {{}}), ('whole', units))
               AS v (key, value) WHERE reference = $1"""
    work = f"""{CONTRACTS} SELECT '' AS key, {{}} AS value FROM deal JOIN served s ON s.contract_id = deal.id
               WHERE reference = $1"""
    value, provider = (reference,), f"provider {organization}"
    terms = [
        Figure("contract price", fact("总价"), one.format("units::bigint * price"), value),
        *(Figure(f"contract {name}", meter(name), bars.format(column), value)
          for name, column in {"已点单": "ordered", "已验收": "accepted"}.items()),
        *(Figure(f"money {name or 'price'}", part_of_bars(name),
                 f"{CONTRACTS} SELECT reference AS key, {column} AS value FROM bar WHERE reference = $1", value)
          for name, column in PARTS.items()),
    ]  # fmt: skip
    listed = [
        Figure("delivered", large("送达", words), work.format("s.units || ' / ' || deal.units"), value),
        Figure("accepted units", large("验收合格", whole), work.format("s.accepted"), value),
        Figure("hours", large("时长", lambda said: said.split(" ")[0]),
               work.format("to_char(s.minutes / 60.0, 'FM99990.0')"), value),
        Figure("people present", large("到场人数", whole), work.format("s.present"), value),
        Figure("people confirmed", large("验收确认人数", whole), work.format("s.reached"), value),
        Figure("proofs missing", large("缺凭证", whole), work.format("0"), value),
        Figure("unit reached", cells("已送达的服务", "验收确认人数", words, by_reference),
               """SELECT o.reference AS key, coalesce(j.people_reached::text, '–') AS value FROM village_order o
                  JOIN contract c ON c.id = o.contract_id
                  LEFT JOIN judgement j ON j.village_order_id = o.id AND j.verdict <> 'rectify'
                  WHERE c.reference = $1 AND o.status IN ('delivered', 'accepted', 'refused')""", value),
    ]  # fmt: skip
    closing = [
        Figure("closing units", large("服务次数", whole), work.format("s.units"), value),
        Figure("closing accepted", large("验收合格", whole), work.format("s.accepted"), value),
        Figure("closing people", large("服务人次", whole), work.format("s.reached"), value),
        Figure("closing originals", large("原件", whole), work.format("0"), value),
    ]
    return [
        Asked(f"/contracts/{reference}", "supervisor", terms, also=("", "officer", "approver", "acceptor", provider)),
        Asked(f"/contracts/{reference}/workload", "supervisor", listed, also=(provider,)),
        Asked(f"/contracts/{reference}/closing", "supervisor", closing, also=(provider,)),
    ]


def payments(here: Year, organization: int) -> list[Asked]:
    """Return the officer's and a provider's bars, and the advances that must come back."""
    due = f"""{CONTRACTS} SELECT reference AS key, (advance - offset_fen)::bigint AS value FROM bar
        WHERE status IN ('accepted', 'paid', 'rated', 'closed', 'terminated') AND advance > offset_fen
          AND loose = 0 AND NOT EXISTS (SELECT FROM advance_return r WHERE r.contract_id = bar.id)
          AND EXISTS (SELECT FROM claim k WHERE k.contract_id = bar.id AND k.item = 'advance' AND k.status = 'paid')
          AND NOT EXISTS (SELECT FROM village_order o WHERE o.contract_id = bar.id
                          AND o.status IN ('placed', 'taken', 'scheduled', 'delivered'))"""
    of_provider = f"""{CONTRACTS} SELECT bar.reference AS key, {{}} AS value FROM bar JOIN contract c USING (id)
        WHERE c.organization_id = $1 AND bar.status NOT IN ('refused', 'cancelled')"""
    own = [
        Figure(f"own {name or 'price'}", part_of_bars(name), of_provider.format(column), (organization,))
        for name, column in PARTS.items()
    ]
    assert organization in here.cast.providers
    waiting = [
        Figure(
            f"waiting {name or 'price'}", part_of_bars(name),
            f"""{CONTRACTS}, {WAITING} SELECT reference AS key, {column} AS value FROM bar JOIN longest USING (id)""",
        )
        for name, column in PARTS.items()
    ]  # fmt: skip
    return [
        Asked("/payments", "supervisor", waiting),
        Asked("/payments/returns", "cashier", [Figure("advance due back", _returns, due)]),
        Asked("/my/payments", f"provider {organization}", own),
    ]


async def samples() -> tuple[list[str], list[tuple[str, int]], list[tuple[str, int]]]:
    """Return purchases of each method and status, contracts of every ending and terms, and some without deliveries."""
    every = "SELECT DISTINCT ON (method, status) reference FROM purchase ORDER BY method, status"
    purchases = [row["reference"] for row in await database.fetch(every)]
    contracts = [await database.fetch(_OF_EACH_KIND.format(which)) for which in ("", "NOT")]
    served, bare = [[(row["reference"], row["organization_id"]) for row in rows] for rows in contracts]
    return purchases, served, bare


_OF_EACH_KIND = """
SELECT DISTINCT ON (p.status, c.added > 0, t.advance_percent, t.milestones) c.reference, c.organization_id
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN payment_terms t ON t.contract_id = c.id
WHERE p.method = 'call_off' AND p.status <> 'cancelled' AND {} EXISTS (
    SELECT FROM village_order o WHERE o.contract_id = c.id AND o.status IN ('delivered', 'accepted', 'refused'))
ORDER BY p.status, c.added > 0, t.advance_percent, t.milestones, c.id DESC
"""


def _results(label: str, read: Callable[[str], Any]) -> Pick:
    return cells("验收结果", label, read, by_reference)


def _of_signed(bars: str, column: str) -> str:
    return bars.format(f"CASE WHEN signed_at IS NOT NULL THEN {column} END").replace(
        "coalesce(units, 0)", "CASE WHEN signed_at IS NOT NULL THEN units ELSE 0 END"
    )


def _returns(page: Page) -> dict[str, int]:
    found = {}
    for card in page.whole.every("dl", "facts"):
        said = dict(zip([one.text for one in card.every("dt")], [one.text for one in card.every("dd")], strict=True))
        if "应退" in said:
            found[said["合同"]] = fen(said["应退"])
    return found
